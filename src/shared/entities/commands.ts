// The table of everything a user can do. Screens, bulk edits, imports and tests go through `runCommand`.
import { logActivity } from '#shared/entities/activity/commands.ts';
import { defineField } from '#shared/entities/custom-field/commands.ts';
import { sendAnnouncement, takeBackAnnouncement } from '#shared/entities/announcement/commands.ts';
import { markNotifications } from '#shared/entities/notification-mark/commands.ts';
import { saveNotificationPreferences } from '#shared/entities/notification-preference/commands.ts';
import type { CommandContext, CommandOutcome } from '#shared/entities/command.ts';
import { keepValue, takeOtherValue } from '#shared/entities/conflict/commands.ts';
import { closeDeal, moveDeal, reopenDeal } from '#shared/entities/deal/commands.ts';
import type { UncheckedCommand } from '#shared/entities/define-command.ts';
import { adjustForecast } from '#shared/entities/forecast-adjustment/commands.ts';
import { submitForecast } from '#shared/entities/forecast-submission/commands.ts';
import { convertLead } from '#shared/entities/lead/commands.ts';
import {
  bulkUpdate,
  createRecord,
  deleteRecord,
  deleteRecords,
  reassign,
  restoreRecord,
  restoreRecords,
  updateRecord,
  updateRecords,
} from '#shared/entities/record-commands.ts';
import { setGoals } from '#shared/entities/goal/commands.ts';
import { setQuota } from '#shared/entities/quota/commands.ts';
import { shareRecord, unshareRecord } from '#shared/entities/share-commands.ts';
import { recordExport } from '#shared/entities/data-export/commands.ts';
import { deleteView, saveView } from '#shared/entities/saved-view/commands.ts';
import { handOver } from '#shared/entities/user/commands.ts';
import { addComment, editComment } from '#shared/entities/comment/commands.ts';
import { applyTaskTemplate } from '#shared/entities/task-template/commands.ts';
import { addTime, settleTimers, startTimer, stopTimer } from '#shared/entities/time-entry/commands.ts';
import { completeTask, completeTasks, joinTask, reopenTask } from '#shared/entities/task/commands.ts';
import { assignTerritories, moveTerritory } from '#shared/entities/territory/commands.ts';
import { forgetMail, keepMail, setMailDeal, setMailVisibility } from '#shared/entities/mail-message/commands.ts';
import { OutpostError } from '#shared/kernel/errors.ts';
import { fail, type Result } from '#shared/kernel/result.ts';

export const commands = {
  createRecord,
  updateRecord,
  deleteRecord,
  restoreRecord,
  bulkUpdate,
  updateRecords,
  deleteRecords,
  restoreRecords,
  reassign,
  moveDeal,
  closeDeal,
  reopenDeal,
  logActivity,
  completeTask,
  completeTasks,
  joinTask,
  addComment,
  editComment,
  startTimer,
  stopTimer,
  settleTimers,
  addTime,
  applyTaskTemplate,
  reopenTask,
  convertLead,
  takeOtherValue,
  keepValue,
  setQuota,
  setGoals,
  adjustForecast,
  submitForecast,
  saveView,
  deleteView,
  recordExport,
  shareRecord,
  unshareRecord,
  moveTerritory,
  assignTerritories,
  defineField,
  handOver,
  keepMail,
  setMailDeal,
  setMailVisibility,
  forgetMail,
  markNotifications,
  saveNotificationPreferences,
  sendAnnouncement,
  takeBackAnnouncement,
} as const satisfies Readonly<Record<string, UncheckedCommand>>;

export type CommandName = keyof typeof commands;

export function isCommandName(name: string): name is CommandName {
  return Object.hasOwn(commands, name);
}

/** Runs a command by its name. Refusals are results, never exceptions; nothing is written here. */
export async function runCommand(
  name: string,
  context: CommandContext,
  input: unknown,
): Promise<Result<CommandOutcome>> {
  if (!isCommandName(name)) return fail(new OutpostError('not_found', 'There is no such command.', { command: name }));
  return commands[name](context, input);
}
