// The parts of the sync server on a database: identity, synchronization, jobs and what is sent, with the routes that lead to
// them, and in which order they stop. Nothing listens yet.
import type { ServerOptions } from '#server/http/server-options.ts';
import { pino } from 'pino';
import { createIdFactory } from '#shared/kernel/ids.ts';
import { defaultRateLimit } from '#shared/access/rate-windows.ts';
import { createAccessRuleBook } from '#server/access/access-rules.ts';
import { createAddressGate } from '#server/access/address-gate.ts';
import { createRateLimits } from '#server/access/rate-limits.ts';
import { createGate } from '#server/http/gate.ts';
import { createApp } from '#server/http/create-app.ts';
import { createPublicAddress, type PublicAddress } from '#server/http/public-address.ts';
import { addPageStyle } from '#server/http/pages/page.ts';
import { addAccessRoutes } from '#server/http/routes/access-routes.ts';
import { addAuthRoutes } from '#server/http/routes/auth-routes.ts';
import { addDeletedRoutes } from '#server/http/routes/deleted-routes.ts';
import { addDeviceRoutes } from '#server/http/routes/device-routes.ts';
import { addDemoRoute } from '#server/http/routes/demo-route.ts';
import { addSignInWaysRoutes } from '#server/http/routes/sign-in-ways-routes.ts';
import { addAnalyticsRoutes } from '#server/http/routes/analytics-routes.ts';
import { addForecastRoutes } from '#server/http/routes/forecast-routes.ts';
import { addReportRoutes } from '#server/http/routes/report-routes.ts';
import { addAuditKeepingRoutes } from '#server/http/routes/audit-keeping-routes.ts';
import { addAuditLogRoutes } from '#server/http/routes/audit-log-routes.ts';
import { addAuditRoutes } from '#server/http/routes/audit-routes.ts';
import { addFieldRoutes } from '#server/http/routes/field-routes.ts';
import { addFileRoutes } from '#server/http/routes/file-routes.ts';
import { addHealthRoutes } from '#server/http/routes/health-routes.ts';
import { addCampaignRoutes } from '#server/http/routes/campaign-routes.ts';
import { addEmailRoutes } from '#server/http/routes/email-routes.ts';
import { addMailLinkRoutes } from '#server/http/routes/mail-link-routes.ts';
import { addProviderReportRoutes } from '#server/http/routes/provider-report-routes.ts';
import { createLinkSigner } from '#server/campaigns/signed-links.ts';
import { startCampaigns, type Campaigns } from '#server/campaigns/start-campaigns.ts';
import { addScheduleRoutes } from '#server/http/routes/schedule-routes.ts';
import { addPresenceRoutes } from '#server/http/routes/presence-routes.ts';
import { addPlatformRoutes } from '#server/http/routes/platform-routes.ts';
import { addPrivacyRoutes } from '#server/http/routes/privacy-routes.ts';
import { addFrontPage } from '#server/http/pages/front-page.ts';
import { addInvitationRoutes } from '#server/http/routes/invitation-routes.ts';
import { addOrganizationRoutes } from '#server/http/routes/organization-routes.ts';
import { addStandingRoutes } from '#server/http/routes/standing-routes.ts';
import { addSyncRoutes } from '#server/http/routes/sync-routes.ts';
import { addUserRoutes } from '#server/http/routes/user-routes.ts';
import { addTerritoryRoutes } from '#server/http/routes/territory-routes.ts';
import { startAudit, type AuditWork } from '#server/audit/start-audit.ts';
import { createDemo } from '#server/demo/demo-company.ts';
import { createAnalyticsJobs } from '#server/analytics/analytics-jobs.ts';
import { startHousekeeping } from '#server/retention/start-housekeeping.ts';
import { createInvitationAcceptance } from '#server/identity/accept-invitation.ts';
import { addFactorRoutes } from '#server/http/routes/factor-routes.ts';
import { addPasskeyRoutes } from '#server/http/routes/passkey-routes.ts';
import { createPasskeys } from '#server/identity/passkeys/passkeys.ts';
import { addResetRoutes } from '#server/http/routes/reset-routes.ts';
import { createAttemptLimits } from '#server/identity/attempt-limits.ts';
import { createFactorAdministration } from '#server/identity/factors/administer-factors.ts';
import { createOwnFactors } from '#server/identity/factors/own-factors.ts';
import { createPasswordReset, type PasswordReset } from '#server/identity/password-reset.ts';
import { proveAgain } from '#server/identity/session-proof.ts';
import { createIdentity } from '#server/identity/create-identity.ts';
import { createDeviceControl } from '#server/identity/device-control.ts';
import { createInvitations } from '#server/identity/invitations.ts';
import { createDrafting } from '#server/drafting/drafting.ts';
import { createEgress } from '#server/egress/egress.ts';
import { addDraftingRoutes } from '#server/http/routes/drafting-routes.ts';
import { addSignInWithProviders } from '#server/http/sign-in-with-providers.ts';
import { createOneTimePasswords } from '#server/identity/one-time-passwords.ts';
import { loadActor } from '#server/identity/load-actor.ts';
import { createPasswords } from '#server/identity/passwords.ts';
import { createApiKeys } from '#server/keys/api-keys.ts';
import { createKeyRecognition } from '#server/keys/recognise-key.ts';
import { createManageWebhooks } from '#server/webhooks/manage-webhooks.ts';
import { startWebhooks, type Webhooks } from '#server/webhooks/start-webhooks.ts';
import { addWebhookRoutes } from '#server/http/routes/webhook-routes.ts';
import { createLiveHub } from '#server/live/live-hub.ts';
import { loadPresenceFacts } from '#server/live/presence-choice.ts';
import { createMaintenanceNews } from '#server/live/maintenance-news.ts';
import { createPresence, presenceTimes } from '#server/live/presence.ts';
import { addLiveRoute } from '#server/live/live-route.ts';
import { watchedKeysOf } from '#server/live/watched-keys.ts';
import { createLog } from '#server/log/create-log.ts';
import type { SqlDatabase } from '#server/store/database.ts';
import { createPlatformFacts } from '#server/platform/platform-facts.ts';
import { startPlatform, type PlatformRounds } from '#server/platform/start-platform.ts';
import { createSupportTelling } from '#server/platform/tell-of-support.ts';
import { createPlatformWork, type PlatformWork } from '#server/platform/platform-work.ts';
import { plainOperations } from '#server/observe/operations-settings.ts';
import { startOperations, type Operations } from '#server/observe/start-operations.ts';
import { stableId } from '#server/jobs/stable-id.ts';
import { createNewDeviceTelling } from '#server/notifications/tell-new-device.ts';
import { startNotifications, type NotificationMails } from '#server/notifications/start-notifications.ts';
import { startReports, type Reports } from '#server/reports/start-reports.ts';
import { answerPivot } from '#server/analytics/user-analytics.ts';
import { systemClock, systemRandom } from '#server/system-ports.ts';
import { startFollowing } from '#server/sync/follow-queue.ts';
import { createSqlSyncStore } from '#server/sync/sql/sql-sync-store.ts';
import type { HttpServer } from '#server/http/http-server.ts';

export interface ComposedServer {
  readonly app: HttpServer;
  readonly reports: Reports;
  readonly notices: NotificationMails;
  readonly rounds: PlatformRounds;
  readonly work: PlatformWork;
  readonly operations: Operations;
  readonly audit: AuditWork;
  readonly campaigns: Campaigns;
  readonly webhooks: Webhooks;
}

export async function composeServer(opened: SqlDatabase, options: ServerOptions): Promise<ComposedServer> {
  const clock = options.clock ?? systemClock;
  const random = options.random ?? systemRandom;
  const isDemo = options.isDemo ?? false;
  const directory = 'dataDir' in options.location ? options.location.dataDir : process.cwd();
  const log = createLog(
    options.logLevel ?? 'info',
    options.logDestination ?? pino.destination({ dest: 2, sync: true }),
  );
  const settings = options.operations ?? plainOperations;
  const operations = await startOperations(
    { database: opened, clock, log, settings, mail: options.mail, jobTimes: options.jobTimes, directory },
    () => hub.count(),
  );
  const { database, mailer } = operations;
  const passwords = createPasswords();
  const rules = await createAccessRuleBook(database);
  const addresses = createAddressGate({ database, clock }, rules);
  const newDevices = createNewDeviceTelling({ database, mailer, clock });
  operations.jobs.add(newDevices);
  let findAddress: PublicAddress = () => null;
  const identity = await createIdentity({
    database,
    clock,
    random,
    passwords,
    addresses,
    // Known once the server listens.
    hasPasskeys: () => findAddress() !== null,
    onNewDevice(device) {
      operations.jobs
        .send(newDevices, stableId('new-device', device.tenantId, device.sessionId), device)
        .catch((error: unknown) => log.error({ err: error }, 'a sign-in on a new computer could not be told'));
    },
    onUnnoted: (error) => log.error({ err: error }, 'a failed sign-in could not be written down'),
  });
  const oneTimePasswords = createOneTimePasswords({ database, clock, random, passwords });
  const presence = await createPresence({
    database,
    log,
    times: options.presenceTimes ?? presenceTimes,
    loadFacts: (tenantId, userId) => loadPresenceFacts(database, tenantId, userId),
  });
  const hub = await createLiveHub({
    database,
    clock,
    log,
    presence,
    maintenance: await createMaintenanceNews(database, clock, (error) =>
      log.error({ err: error }, 'announced maintenance could not be read'),
    ),
    async loadKeys(tenantId, userId) {
      const loaded = await loadActor(database, tenantId, userId);
      return loaded && watchedKeysOf(loaded.actor);
    },
  });
  const stopFollowing = await startFollowing({ db: database, clock }, (error) =>
    log.error({ err: error }, 'Records could not be brought up to what they belong to'),
  );
  const analytics = createAnalyticsJobs({ database, clock }, operations.jobs);
  const platform = { database, clock, random, passwords };
  const work = createPlatformWork(platform);
  const facts = await createPlatformFacts(database, clock, (error) =>
    log.error({ err: error }, 'Calls could not be counted'),
  );
  const sync = {
    store: createSqlSyncStore(database),
    clock,
    createId: createIdFactory(clock, random),
    noteVerdict: (status: string, code: string) => operations.metrics.noteVerdict(status, code),
  };
  const reports = await startReports(
    {
      database,
      clock,
      mailer,
      answer: ({ actor, spec, timeZone }) => answerPivot(sync, { actor, timeZone }, spec),
    },
    log,
    operations.jobs,
  );
  const notices = startNotifications({ database, clock, mailer, sync }, log, operations.jobs);
  const egress = createEgress(options.allowedAddresses ?? []);
  // Known once there is something that listens.
  const signer = await createLinkSigner(database);
  const campaigns = startCampaigns(
    {
      database,
      sync,
      clock,
      log,
      signer,
      egress,
      mail: options.mail ?? null,
      publicAddress: () => findAddress(),
      fetchFromAmazon: options.fetchFromAmazon,
    },
    operations.jobs,
  );
  const readMaskSecret = () => sync.store.readMaskSecret();
  const webhooks = await startWebhooks(
    { database, clock, egress, mailer, readMaskSecret, pausesMs: options.webhookPausesMs },
    log,
    operations.jobs,
  );
  // After every kind of job is known: it sends some.
  const telling = createSupportTelling({ database, clock, mailer, engine: operations.jobs });
  operations.jobs.add(telling.kind);
  const rounds = startPlatform(platform, telling, (error) =>
    log.error({ err: error }, 'The installation could not look after its organizations'),
  );
  let reset: PasswordReset | null = null;
  const auditContext = { database, clock, createId: sync.createId, mailer };
  const audit = startAudit(auditContext, log, options.jobTimes);
  const auditRoutes = { ...auditContext, work: audit };
  const usualLimit = options.rateLimit ?? defaultRateLimit;
  const limits = createRateLimits({ database, clock }, (error) =>
    log.error({ err: error }, 'Counted requests could not be shared'),
  );
  const gate = createGate({
    identity,
    keys: createKeyRecognition(database, clock),
    addresses,
    rules,
    limits,
    usualLimit,
  });
  rules.follow((tenantId) => {
    hub
      .review(tenantId, (principal) => gate.mayStay(principal))
      .catch((error: unknown) => log.error({ err: error }, 'connections could not be looked through'));
  });
  const trustProxy = options.trustProxy ?? [];
  let stopHousekeeping: (() => Promise<void>) | null = null;
  const app = await createApp({
    gate,
    trustProxy,
    log,
    facts,
    observer: operations.observer,
    async onStop() {
      await Promise.all([
        hub.close(),
        stopFollowing(),
        stopHousekeeping?.(),
        audit.stop(),
        reports.stop(),
        notices.stop(),
        webhooks.stop(),
        reset?.settle(),
        rounds.stop(),
        facts.close(),
        rules.close(),
        limits.close(),
        identity.settle(),
      ]);
      await operations.stop();
    },
    addRoutes(app) {
      addPageStyle(app);
      addHealthRoutes(app, { database, clock, isDemo, directory, mailer, serviceName: settings.serviceName });
      operations.addRoutes(app);
      addAuthRoutes(app, identity);
      addSignInWaysRoutes(app, oneTimePasswords);
      const publicAddress = createPublicAddress(options.publicUrl, app.server);
      findAddress = publicAddress;
      addCampaignRoutes(app, campaigns.work);
      addEmailRoutes(app, sync, campaigns.work);
      addMailLinkRoutes(app, signer, campaigns.tracking, log);
      addProviderReportRoutes(app, campaigns.reports);
      const inviting = { database, clock, oneTimePasswords, mailer, publicAddress, createId: sync.createId };
      reset = createPasswordReset({
        database,
        clock,
        random,
        passwords,
        mailer,
        publicAddress,
        onFailure: (error) => log.error({ err: error }, 'a link to a new password could not be mailed'),
      });
      addResetRoutes(app, reset);
      addFrontPage(app, publicAddress);
      addPasskeyRoutes(app, createPasskeys({ database, clock, random, publicAddress }));
      const proving = { database, clock, passwords, limits: createAttemptLimits({ database, clock }, 'proof') };
      addFactorRoutes(app, {
        own: createOwnFactors({ database, clock, random }),
        administration: createFactorAdministration(database, clock),
        prove: (principal, shown) => proveAgain(proving, principal, shown),
      });
      addInvitationRoutes(app, {
        invitations: createInvitations(inviting),
        acceptance: createInvitationAcceptance({ database, clock, random, passwords }),
      });
      addSignInWithProviders(app, {
        database,
        clock,
        random,
        identity,
        publicAddress,
        options,
        onFailure: (error) => log.error({ err: error }, 'metadata of providers could not be read'),
      });
      addDraftingRoutes(app, createDrafting({ database, clock, egress }));
      addDeviceRoutes(app, {
        devices: createDeviceControl({ database, clock, random, passwords }),
        database,
        clock,
      });
      addOrganizationRoutes(app, database, clock);
      addWebhookRoutes(
        app,
        createManageWebhooks({
          ...webhooks.context,
          random,
          createId: sync.createId,
          handOver: (tenantId) => webhooks.handOver(tenantId),
        }),
      );
      addAccessRoutes(app, {
        database,
        clock,
        keys: createApiKeys({ database, clock, random, createId: sync.createId }),
        rules,
        limits,
        usualLimit,
        trustsProxies: trustProxy.length > 0,
      });
      addSyncRoutes(app, sync);
      addTerritoryRoutes(app, sync);
      addUserRoutes(app, sync);
      addAnalyticsRoutes(app, sync);
      addReportRoutes(app, sync);
      addForecastRoutes(app, sync);
      addAuditRoutes(app, auditRoutes);
      addAuditKeepingRoutes(app, auditRoutes);
      addAuditLogRoutes(app, auditRoutes);
      addFieldRoutes(app, { db: database, clock });
      addDeletedRoutes(app, { db: database, clock });
      addFileRoutes(app, { db: database, clock });
      addLiveRoute(app, gate, hub);
      addStandingRoutes(app, database, clock);
      addPlatformRoutes(app, work);
      addPresenceRoutes(app, database);
      addPrivacyRoutes(app, { database, clock });
      addScheduleRoutes(app, { database, clock, mailer, reports, createId: sync.createId });
      if (isDemo) addDemoRoute(app, createDemo({ database, clock, random, passwords }));
    },
  });
  // Once every kind of job is known.
  stopHousekeeping = startHousekeeping({ db: database, clock, noteDay: analytics.noteDay }, (error) =>
    log.error({ err: error }, 'What need not be kept any more could not be removed'),
  );
  return { app, reports, notices, rounds, work, operations, audit, campaigns, webhooks };
}
