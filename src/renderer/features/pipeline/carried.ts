/** A card lifted by keyboard: where it came from and the stage it would be dropped in. */
export interface Carried {
  readonly id: string;
  readonly fromStageId: string;
  readonly toStageId: string;
}
