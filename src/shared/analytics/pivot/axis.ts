// One axis of a pivot as a tree of numbered groups. Depth 0 is the single group of everything, depth 1 the members of the
// first dimension, and so on; each group knows its parent and its own code. Where few fields with few values meet, a group
// is numbered by arithmetic on its codes; otherwise only the groups that occur get a number.
import type { CodedDimension } from '#shared/analytics/pivot/coded-dimension.ts';

export interface Axis {
  readonly dimensions: readonly CodedDimension[];
  /** The leaf group of a slot is `offset` plus the sum of `codes[slot] × stride`. */
  readonly parts: readonly { readonly codes: Int32Array; readonly stride: number }[];
  readonly offset: number;
  /** Room for groups at each depth; the first is 1, the last the room for leaves. */
  readonly sizes: readonly number[];
  /** Groups of a depth (1 and deeper) → their groups one depth higher. */
  readonly parents: readonly Int32Array[];
  /** Groups of a depth (1 and deeper) → the code of their last dimension. */
  readonly codes: readonly Int32Array[];
  /** Leaf group of a slot as the table is now; −1: there is no room for it. */
  leafAt(slot: number): number;
}

/** How many leaves an axis numbered by arithmetic would have. `slack`: room for members that come later. */
export function roomOf(dimensions: readonly CodedDimension[], isLive: boolean): number {
  return dimensions.reduce((room, dimension) => room * widthOf(dimension, isLive), 1);
}

/** Members and the empty one. */
function widthOf(dimension: CodedDimension, isLive: boolean): number {
  const size = dimension.size();
  return size + 1 + (isLive ? Math.max(4, size >> 4) : 0);
}

const NONE = new Int32Array(0);

/** Groups numbered by arithmetic. */
export function directAxis(dimensions: readonly CodedDimension[], isLive: boolean): Axis {
  const widths = dimensions.map((dimension) => widthOf(dimension, isLive));
  const sizes = [1];
  const parents: Int32Array[] = [NONE];
  const codes: Int32Array[] = [NONE];
  for (const width of widths) {
    const size = (sizes.at(-1) ?? 1) * width;
    sizes.push(size);
    parents.push(Int32Array.from({ length: size }, (_, group) => Math.floor(group / width)));
    codes.push(Int32Array.from({ length: size }, (_, group) => (group % width) - 1));
  }
  const leaves = sizes.at(-1) ?? 1;
  const strides = sizes.slice(1).map((size) => leaves / size);
  return {
    dimensions,
    parts: dimensions.map((dimension, at) => ({ codes: dimension.codes, stride: strides[at] ?? 1 })),
    offset: strides.reduce((sum, stride) => sum + stride, 0),
    sizes,
    parents,
    codes,
    leafAt(slot) {
      let leaf = 0;
      for (const [at, dimension] of dimensions.entries()) {
        const code = dimension.codeAt(slot);
        if (code + 1 >= (widths[at] ?? 0)) return -1;
        leaf += (code + 1) * (strides[at] ?? 1);
      }
      return leaf;
    },
  };
}

/** Numbers for pairs of a group and a code, in the order they are met. */
interface Pairs {
  numberOf(group: number, code: number): number;
  find(group: number, code: number): number | undefined;
}

/** Room up to which pairs are looked up by place. */
const MOST_PLACES = 1 << 22;

function createPairs(groups: number, width: number, onNew: (group: number, code: number) => number): Pairs {
  const places = groups * width <= MOST_PLACES ? new Int32Array(groups * width) : null;
  const named = new Map<number, number>();
  const find = (group: number, code: number): number | undefined => {
    const key = group * width + code + 1;
    if (places === null) return named.get(key);
    const number = places[key] ?? 0;
    return number === 0 ? undefined : number - 1;
  };
  return {
    find,
    numberOf(group, code) {
      const known = find(group, code);
      if (known !== undefined) return known;
      const number = onNew(group, code);
      const key = group * width + code + 1;
      if (places === null) named.set(key, number);
      else places[key] = number + 1;
      return number;
    },
  };
}

/** Only groups that occur among the chosen slots get a number. `chosen`: 1 for a slot that counts. */
export function compactAxis(dimensions: readonly CodedDimension[], chosen: Uint8Array, isLive: boolean): Axis {
  let groups: Int32Array = new Int32Array(chosen.length);
  const sizes = [1];
  const levels: {
    readonly parents: number[];
    readonly codes: number[];
    readonly pairs: Pairs;
    readonly width: number;
  }[] = [];
  for (const dimension of dimensions) {
    const parents: number[] = [];
    const codes: number[] = [];
    const width = widthOf(dimension, isLive);
    const pairs = createPairs(sizes.at(-1) ?? 1, width, (group, code) => {
      parents.push(group);
      return codes.push(code) - 1;
    });
    const deeper = new Int32Array(chosen.length);
    for (let slot = 0; slot < chosen.length; slot += 1) {
      if (chosen[slot] === 1) deeper[slot] = pairs.numberOf(groups[slot] ?? 0, dimension.codes[slot] ?? -1);
    }
    groups = deeper;
    sizes.push(parents.length + (isLive ? Math.max(16, parents.length >> 4) : 0));
    levels.push({ parents, codes, pairs, width });
  }
  const padded = (values: readonly number[], size: number): Int32Array => {
    const room = new Int32Array(size);
    room.set(values);
    return room;
  };
  const parents = [NONE, ...levels.map((level, at) => padded(level.parents, sizes[at + 1] ?? 0))];
  const codes = [NONE, ...levels.map((level, at) => padded(level.codes, sizes[at + 1] ?? 0))];
  return {
    dimensions,
    parts: [{ codes: groups, stride: 1 }],
    offset: 0,
    sizes,
    parents,
    codes,
    leafAt(slot) {
      let group = 0;
      for (const [at, level] of levels.entries()) {
        const code = dimensions[at]?.codeAt(slot) ?? -1;
        if (code + 1 >= level.width) return -1;
        const known = level.pairs.find(group, code);
        if (known === undefined && level.parents.length >= (sizes[at + 1] ?? 0)) return -1;
        const next = known ?? level.pairs.numberOf(group, code);
        const [parentsHere, codesHere] = [parents[at + 1] ?? NONE, codes[at + 1] ?? NONE];
        parentsHere[next] = group;
        codesHere[next] = code;
        group = next;
      }
      return group;
    },
  };
}
