// The list of all entities. Whoever needs something about "every entity" goes through this list, never through one of its own.
import { account } from '#shared/entities/account/account.ts';
import { activity } from '#shared/entities/activity/activity.ts';
import { announcement } from '#shared/entities/announcement/announcement.ts';
import { comment } from '#shared/entities/comment/comment.ts';
import { campaign } from '#shared/entities/campaign/campaign.ts';
import { conflict } from '#shared/entities/conflict/conflict.ts';
import { contact } from '#shared/entities/contact/contact.ts';
import { customField } from '#shared/entities/custom-field/custom-field.ts';
import { deal } from '#shared/entities/deal/deal.ts';
import { dashboard } from '#shared/entities/dashboard/dashboard.ts';
import { dataExport } from '#shared/entities/data-export/data-export.ts';
import type { CollectionName, EntityDefinition, EntityName } from '#shared/entities/define-entity.ts';
import { exchangeRate } from '#shared/entities/exchange-rate/exchange-rate.ts';
import { file } from '#shared/entities/file/file.ts';
import { fieldChange } from '#shared/entities/field-change/field-change.ts';
import { fieldRule } from '#shared/entities/field-rule/field-rule.ts';
import { piiRule } from '#shared/entities/field-rule/pii-rule.ts';
import { forecastAdjustment } from '#shared/entities/forecast-adjustment/forecast-adjustment.ts';
import { forecastSubmission } from '#shared/entities/forecast-submission/forecast-submission.ts';
import { importJob } from '#shared/entities/import-job/import-job.ts';
import { importPart } from '#shared/entities/import-part/import-part.ts';
import { lead } from '#shared/entities/lead/lead.ts';
import { mailTemplate } from '#shared/entities/mail-template/mail-template.ts';
import { mailContent, mailMessage } from '#shared/entities/mail-message/mail-message.ts';
import { notificationMark } from '#shared/entities/notification-mark/notification-mark.ts';
import { notificationPreference } from '#shared/entities/notification-preference/notification-preference.ts';
import { organization } from '#shared/entities/organization/organization.ts';
import { pipeline } from '#shared/entities/pipeline/pipeline.ts';
import { pipelineSnapshot } from '#shared/entities/pipeline-snapshot/pipeline-snapshot.ts';
import { product } from '#shared/entities/product/product.ts';
import { goal } from '#shared/entities/goal/goal.ts';
import { report } from '#shared/entities/report/report.ts';
import { reportRun } from '#shared/entities/report-run/report-run.ts';
import { reportSchedule } from '#shared/entities/report-schedule/report-schedule.ts';
import { quota } from '#shared/entities/quota/quota.ts';
import { role } from '#shared/entities/role/role.ts';
import { savedView } from '#shared/entities/saved-view/saved-view.ts';
import { stageChange } from '#shared/entities/stage-change/stage-change.ts';
import { task } from '#shared/entities/task/task.ts';
import { taskTemplate } from '#shared/entities/task-template/task-template.ts';
import { team } from '#shared/entities/team/team.ts';
import { territory } from '#shared/entities/territory/territory.ts';
import { timeEntry } from '#shared/entities/time-entry/time-entry.ts';
import { user } from '#shared/entities/user/user.ts';

export const entities: Readonly<Record<EntityName, EntityDefinition>> = {
  account,
  contact,
  lead,
  deal,
  activity,
  task,
  timeEntry,
  comment,
  taskTemplate,
  product,
  pipeline,
  customField,
  savedView,
  report,
  dashboard,
  reportSchedule,
  reportRun,
  mailTemplate,
  campaign,
  importJob,
  importPart,
  dataExport,
  user,
  team,
  territory,
  conflict,
  notificationMark,
  notificationPreference,
  announcement,
  stageChange,
  fieldChange,
  file,
  role,
  fieldRule,
  piiRule,
  organization,
  exchangeRate,
  quota,
  goal,
  forecastAdjustment,
  forecastSubmission,
  pipelineSnapshot,
  mailMessage,
  mailContent,
};

/** The definition of a name that came from outside; undefined when there is no such entity. */
export function entityOf(name: string): EntityDefinition | undefined {
  return Object.hasOwn(entities, name) ? entities[name as EntityName] : undefined;
}

/** All entities stored in one collection of the local database. */
export function entitiesIn(collection: CollectionName): readonly EntityDefinition[] {
  return Object.values(entities).filter((definition) => definition.collection === collection);
}
