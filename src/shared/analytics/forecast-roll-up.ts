// One column of a forecast through a tree. What a node hands up is, in this order: the number its manager put in its place,
// the number it put in place of its own, or what it owns with what its children hand up. An adjustment replaces and never
// adds; whoever replaces a number is told when what lay below has moved by more than a tenth since.

/** A node of managers, teams or territories. */
export interface RollUpNode {
  readonly key: string;
  readonly parent: string | null;
  /** Its number holds those of its children; otherwise they pass it by, on their way up. */
  readonly addsUp: boolean;
}

export interface Adjustment {
  readonly id: string;
  readonly value: number;
  /** What stood there when it was written. */
  readonly baseValue: number;
  readonly adjusterId: string;
  /** Lower is more senior; of several managers who replaced a number, the most senior one's holds. */
  readonly seniority: number;
}

export interface NodeAdjustments {
  /** By whoever the node belongs to. */
  readonly owner: Adjustment | null;
  /** By people above, one for each, the newest. */
  readonly managers: readonly Adjustment[];
}

export interface AppliedAdjustment extends Adjustment {
  /** What it replaces now moved by more than a tenth since it was written. */
  readonly isStale: boolean;
}

export interface RolledNumbers {
  /** From deals alone. */
  readonly unadjusted: number;
  /** With what owners put in place of their own numbers, all the way down. */
  readonly ownerAdjusted: number;
  /** What the node hands up: with everybody's adjustments. */
  readonly managerAdjusted: number;
  readonly owner: AppliedAdjustment | null;
  readonly manager: AppliedAdjustment | null;
  /** What an adjustment by the owner would replace, and one by a manager. */
  readonly ownerBase: number;
  readonly managerBase: number;
}

export const STALE_SHARE = 0.1;

export function isStale(baseValue: number, now: number): boolean {
  return Math.abs(now - baseValue) > Math.abs(baseValue) * STALE_SHARE;
}

/** What passes a node on its way up: its own number, and those of its children where it does not hold them. */
interface Passed {
  unadjusted: number;
  ownerAdjusted: number;
  managerAdjusted: number;
}

const noAdjustments: NodeAdjustments = { owner: null, managers: [] };

/** Numbers of every node, by key. A node whose parent is missing is a root; one in a circle is left out. */
export function rollUp(
  nodes: readonly RollUpNode[],
  ownOf: (key: string) => number,
  adjustmentsOf: (key: string) => NodeAdjustments | undefined,
): ReadonlyMap<string, RolledNumbers> {
  const children = childrenByParent(nodes);
  const results = new Map<string, RolledNumbers>();

  function walk(node: RollUpNode): Passed {
    const below: Passed = { unadjusted: 0, ownerAdjusted: 0, managerAdjusted: 0 };
    for (const child of children.get(node.key) ?? []) add(below, walk(child));
    const own = ownOf(node.key);
    const held = node.addsUp ? below : { unadjusted: 0, ownerAdjusted: 0, managerAdjusted: 0 };
    const { owner, managers } = adjustmentsOf(node.key) ?? noAdjustments;
    const ownerBase = own + held.managerAdjusted;
    const managerBase = owner?.value ?? ownerBase;
    const manager = mostSenior(managers);
    const numbers: RolledNumbers = {
      unadjusted: own + held.unadjusted,
      ownerAdjusted: owner?.value ?? own + held.ownerAdjusted,
      managerAdjusted: manager?.value ?? managerBase,
      owner: apply(owner, ownerBase),
      manager: apply(manager, managerBase),
      ownerBase,
      managerBase,
    };
    results.set(node.key, numbers);
    const { unadjusted, ownerAdjusted, managerAdjusted } = numbers;
    const passed = { unadjusted, ownerAdjusted, managerAdjusted };
    if (!node.addsUp) add(passed, below);
    return passed;
  }

  const known = new Set(nodes.map(({ key }) => key));
  for (const node of nodes) if (node.parent === null || !known.has(node.parent)) walk(node);
  return results;
}

function childrenByParent(nodes: readonly RollUpNode[]): ReadonlyMap<string, readonly RollUpNode[]> {
  const children = new Map<string, RollUpNode[]>();
  for (const node of nodes) {
    if (node.parent === null) continue;
    const known = children.get(node.parent);
    if (known === undefined) children.set(node.parent, [node]);
    else known.push(node);
  }
  return children;
}

function add(into: Passed, from: Passed): void {
  into.unadjusted += from.unadjusted;
  into.ownerAdjusted += from.ownerAdjusted;
  into.managerAdjusted += from.managerAdjusted;
}

function mostSenior(managers: readonly Adjustment[]): Adjustment | null {
  let found: Adjustment | null = null;
  for (const adjustment of managers) if (found === null || adjustment.seniority < found.seniority) found = adjustment;
  return found;
}

function apply(adjustment: Adjustment | null, now: number): AppliedAdjustment | null {
  return adjustment === null ? null : { ...adjustment, isStale: isStale(adjustment.baseValue, now) };
}
