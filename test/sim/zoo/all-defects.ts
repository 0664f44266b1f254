import { answerDefects } from '#test/sim/zoo/answer-defects.ts';
import { deviceDefects } from '#test/sim/zoo/device-defects.ts';
import { historyDefects } from '#test/sim/zoo/history-defects.ts';
import { orderDefects } from '#test/sim/zoo/order-defects.ts';
import { pageDefects } from '#test/sim/zoo/page-defects.ts';
import { restoreDefects } from '#test/sim/zoo/restore-defects.ts';
import { territoryDefects } from '#test/sim/zoo/territory-defects.ts';
import { writeDefects } from '#test/sim/zoo/write-defects.ts';

/** Every planted defect: what the simulation must find, to be believed when it finds nothing. */
export const allDefects = [
  ...orderDefects,
  ...answerDefects,
  ...writeDefects,
  ...pageDefects,
  ...deviceDefects,
  ...restoreDefects,
  ...territoryDefects,
  ...historyDefects,
];
