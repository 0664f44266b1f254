import type { Migration } from '#server/store/migrate.ts';
import { recordsAndOrder } from '#server/store/migrations/0001-records-and-order.ts';
import { identity } from '#server/store/migrations/0002-identity.ts';
import { refreshGrace } from '#server/store/migrations/0003-refresh-grace.ts';
import { recordsAsText } from '#server/store/migrations/0004-records-as-text.ts';
import { oneTimePasswords } from '#server/store/migrations/0005-one-time-passwords.ts';
import { erasure } from '#server/store/migrations/0006-erasure.ts';
import { reachByEpoch } from '#server/store/migrations/0007-reach-by-epoch.ts';
import { territoriesAndFollowers } from '#server/store/migrations/0008-territories-and-followers.ts';
import { fieldRules } from '#server/store/migrations/0009-field-rules.ts';
import { presence } from '#server/store/migrations/0010-presence.ts';
import { files } from '#server/store/migrations/0011-files.ts';
import { auditChain } from '#server/store/migrations/0012-audit-chain.ts';
import { pipelineDays } from '#server/store/migrations/0013-pipeline-days.ts';
import { jobs } from '#server/store/migrations/0014-jobs.ts';
import { secondFactors } from '#server/store/migrations/0015-second-factors.ts';
import { singleSignOn } from '#server/store/migrations/0016-single-sign-on.ts';
import { people } from '#server/store/migrations/0017-people.ts';
import { auditValues } from '#server/store/migrations/0018-audit-values.ts';
import { operations } from '#server/store/migrations/0019-operations.ts';
import { apiAccess } from '#server/store/migrations/0020-api-access.ts';
import { platform } from '#server/store/migrations/0021-platform.ts';
import { tasksInFull } from '#server/store/migrations/0022-tasks-in-full.ts';
import { drafting } from '#server/store/migrations/0025-drafting.ts';
import { campaigns } from '#server/store/migrations/0032-campaigns.ts';
import { requiredFields } from '#server/store/migrations/0035-required-fields.ts';
import { bounceMailbox } from '#server/store/migrations/0038-bounce-mailbox.ts';
import { providerReports } from '#server/store/migrations/0046-provider-reports.ts';
import { unsignedReports } from '#server/store/migrations/0047-unsigned-reports.ts';
import { billing } from '#server/store/migrations/0049-billing.ts';
import { auditWords } from '#server/store/migrations/0052-audit-words.ts';
import { attempts } from '#server/store/migrations/0053-attempts.ts';
import { providerMetadata } from '#server/store/migrations/0054-provider-metadata.ts';
import { reportHandovers } from '#server/store/migrations/0055-report-handovers.ts';
import { deletedRecords } from '#server/store/migrations/0056-deleted-records.ts';
import { webhooks } from '#server/store/migrations/0057-webhooks.ts';
import { auditWordsOfTenant } from '#server/store/migrations/0058-audit-words-of-tenant.ts';
import { supportTold } from '#server/store/migrations/0048-support-told.ts';

/** In order. Add at the end; never change one that was released. */
export const allMigrations: readonly Migration[] = [
  recordsAndOrder,
  identity,
  refreshGrace,
  recordsAsText,
  oneTimePasswords,
  erasure,
  reachByEpoch,
  territoriesAndFollowers,
  fieldRules,
  presence,
  files,
  auditChain,
  pipelineDays,
  jobs,
  secondFactors,
  singleSignOn,
  people,
  auditValues,
  operations,
  apiAccess,
  platform,
  tasksInFull,
  drafting,
  campaigns,
  requiredFields,
  bounceMailbox,
  providerReports,
  unsignedReports,
  supportTold,
  billing,
  auditWords,
  attempts,
  providerMetadata,
  reportHandovers,
  deletedRecords,
  webhooks,
  auditWordsOfTenant,
];
