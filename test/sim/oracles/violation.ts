/** A promise that was broken, by its rule. Ends the run. */
export class Violation extends Error {
  readonly rule: string;

  constructor(rule: string, message: string) {
    super(`${rule}: ${message}`);
    this.name = 'Violation';
    this.rule = rule;
  }
}

export function demand(holds: boolean, rule: string, message: () => string): void {
  if (!holds) throw new Violation(rule, message());
}
