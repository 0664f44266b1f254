// What the data host does, without the wires: it obeys the main process, answers the windows, and keeps watched
// questions alive over a change of the database below them.
import type { DataAnswer, LiveName, RequestName } from '#renderer/data/data-contract.ts';
import {
  isDamage,
  openProfileSession,
  type ProfileSession,
  type ProfileToOpen,
  type SessionDeps,
} from '#renderer/data/profile-session.ts';
import type { LiveAnswer } from '#shared/query/live-answer.ts';
import { collectEvents } from '#renderer/data/collect-events.ts';
import { describeDatabase } from '#renderer/data/describe-database.ts';
import { dropLocalDatabase } from '#renderer/data/database.ts';
import { answerers, isPatient, minIntervalsMs, type Asking, type OpenSession } from '#renderer/data/live-questions.ts';
import { lookAtFiles } from '#renderer/data/look-at-files.ts';
import { keepMail, matchMails, remindOfMail } from '#renderer/data/mail-requests.ts';
import { createImportRunner } from '#renderer/data/import-runner.ts';
import { answeredInView, createRequesters } from '#renderer/data/requesters.ts';
import { createRoleViews } from '#renderer/data/role-views.ts';
import { createSerialQueue } from '#renderer/data/serial-queue.ts';
import type { RolePerson } from '#shared/access/actor-of-role.ts';
import type { HostRequest } from '#shared/ipc/host-request.ts';
import type { AppliedOutcome } from '#shared/ipc/sync-status.ts';
import type { Verdict } from '#shared/sync/messages.ts';
import { OutpostError, toErrorData } from '#shared/kernel/errors.ts';

export interface DataService {
  /** Does what the main process asks; resolves with the value to answer. */
  handle(request: HostRequest): Promise<unknown>;
  /** Calls back with every new answer; waits for a profile to be opened. Returns how to stop. */
  watch(
    name: LiveName,
    query: unknown,
    onAnswer: (answer: DataAnswer<unknown>) => void,
    viewAs?: RolePerson,
  ): () => void;
  request(name: RequestName, input: unknown, viewAs?: RolePerson): Promise<unknown>;
  /** Call when a new day has begun. */
  startDay(): void;
}

interface Watch {
  readonly name: LiveName;
  readonly query: unknown;
  readonly viewAs: RolePerson | undefined;
  readonly onAnswer: (answer: DataAnswer<unknown>) => void;
  stop: () => void;
}

async function applyPage(
  session: OpenSession,
  page: Extract<HostRequest, { readonly kind: 'applyPage' }>,
): Promise<AppliedOutcome> {
  const { applier, database } = session;
  const { token, snapshot } = database.readPosition();
  const isNews = token !== null && snapshot === 'none' && !page.snapshotStart;
  const work = (): Promise<void> => applier.applyPage(page);
  if (isNews) return { events: await collectEvents(database.mirror, session.actor().userId, false, work) };
  await work();
  return { events: [] };
}

async function applyVerdicts(session: OpenSession, verdicts: readonly Verdict[]): Promise<AppliedOutcome> {
  const { applier, database } = session;
  const work = (): Promise<void> => applier.applyVerdicts(verdicts);
  return { events: await collectEvents(database.mirror, session.actor().userId, true, work) };
}

/** A disk that was full is looked at again after this time. */
const SHOW_AGAIN_MS = 2_000;

/** The first screen has the computer for itself until then. */
const UNPACK_AFTER_MS = 300;
const UNPACK_TURN_MS = 8;

export function createDataService(deps: SessionDeps): DataService {
  const queue = createSerialQueue();
  const watches = new Set<Watch>();
  let session: OpenSession | null = null;
  let isClosed = false;
  // Questions of windows that were quicker than the main process wait for the profile.
  const whenDecided = Promise.withResolvers<void>();

  function attach(watch: Watch): void {
    watch.stop();
    watch.stop = () => undefined;
    const current = session;
    if (current === null) {
      const error = toErrorData(new OutpostError('not_signed_in', 'Nobody is signed in'));
      if (isClosed) watch.onAnswer({ ok: false, error });
      return;
    }
    try {
      const table: Readonly<Record<string, ((asking: Asking, query: never) => LiveAnswer<unknown>) | undefined>> =
        answerers;
      const answerer = table[watch.name];
      if (answerer === undefined)
        throw new OutpostError('not_found', 'The data host does not know this question', { name: watch.name });
      const asking = askingOf(current, watch.viewAs);
      const answer = (): LiveAnswer<unknown> => answerer(asking, watch.query as never);
      const onValue = (value: unknown): void => watch.onAnswer({ ok: true, value });
      const onError = (error: unknown): void => watch.onAnswer({ ok: false, error: toErrorData(error) });
      watch.stop = asking.live.watch(answer, { onValue, onError }, minIntervalsMs[watch.name]);
    } catch (error) {
      watch.onAnswer({ ok: false, error: toErrorData(error) });
    }
  }

  function askingOf(current: OpenSession, viewAs: RolePerson | undefined): Asking {
    return viewAs === undefined
      ? { ...current, session: current }
      : { ...roleViews.open(current, viewAs), session: current };
  }

  const roleViews = createRoleViews(deps, () => {
    for (const watch of watches) if (watch.viewAs !== undefined) attach(watch);
  });

  function changeSession(next: OpenSession | null): void {
    roleViews.closeAll();
    session = next;
    isClosed = next === null;
    whenDecided.resolve();
    for (const watch of watches) begin(watch);
  }

  /** Whoever asks for less than everything is answered first. */
  function begin(watch: Watch): void {
    if (!isPatient(watch.name) || session === null) {
      attach(watch);
      return;
    }
    deps.after(0, () => {
      if (watches.has(watch)) attach(watch);
    });
  }

  async function open(profile: ProfileToOpen): Promise<void> {
    const { profileId, actor, storageKey } = profile;
    const isSame = session?.profileId === profileId && session.storageKey === storageKey;
    if (session !== null && isSame && session.actor().userId === actor.userId) {
      session.changeActor(actor);
      session.live.markAll();
      return;
    }
    await session?.close();
    session = null;
    const opened = await openProfileSession({ ...deps, onSavedUnseen }, profile);
    changeSession({ ...opened, imports: createImportRunner(opened, queue, deps.createId, deps.keepImport) });
    unpackLater(opened, UNPACK_AFTER_MS);
  }

  /** What the first screen did not ask for is unpacked in turns, so that the next question finds it. */
  function unpackLater(opened: ProfileSession, delayMs: number): void {
    deps.after(delayMs, () => void queue.run(() => unpackSome(opened)));
  }

  async function unpackSome(opened: ProfileSession): Promise<void> {
    if (session?.database !== opened.database) return;
    try {
      if (!opened.database.unpack(performance.now() + UNPACK_TURN_MS)) {
        unpackLater(opened, 0);
        return;
      }
      await opened.applier.mend();
      opened.live.flush();
    } catch (error) {
      if (!isDamage(error)) throw error;
      await rebuild(opened);
    }
  }

  /** Leaves an empty database with the journal on top; the missing token makes whoever hears of it fetch the rest. */
  async function rebuild(damaged: ProfileSession): Promise<void> {
    await damaged.close();
    await damaged.drop();
    session = null;
    const { profileId, storageKey } = damaged;
    await open({ profileId, actor: damaged.actor(), ...(storageKey === undefined ? {} : { storageKey }) });
    deps.onRebuilt?.();
  }

  function currentSession(): OpenSession {
    if (session === null) throw new OutpostError('not_signed_in', 'Nobody is signed in');
    return session;
  }

  async function handleNow(request: HostRequest): Promise<unknown> {
    switch (request.kind) {
      case 'openProfile':
        await open(request);
        return null;
      case 'closeProfile': {
        const closing = session;
        changeSession(null);
        await closing?.close();
        return null;
      }
      case 'wipe': {
        const open = session?.profileId === request.profileId ? session : null;
        if (open === null) await dropLocalDatabase(request.profileId, await deps.openStorage(undefined));
        else {
          changeSession(null);
          await open.wipe();
        }
        return null;
      }
      case 'readPosition':
        return currentSession().reconciler.position();
      case 'describeDatabase':
        return describeDatabase(currentSession());
      case 'purge':
        await currentSession().reconciler.purge(request.drop);
        return null;
      case 'compareManifest':
        return currentSession().reconciler.compare(request);
      case 'applyManifest':
        await currentSession().reconciler.apply(request);
        return null;
      case 'findAbsent':
        return currentSession().reconciler.findAbsent(request.places);
      case 'lookAtFiles':
        return lookAtFiles(currentSession().context.source, currentSession().actor().userId, request);
      case 'execute':
        await currentSession().execute(request.command, request.input);
        return null;
      case 'matchMails':
        return matchMails(currentSession(), request);
      case 'keepMail':
        return keepMail(currentSession(), request);
      case 'remindOfMail':
        return remindOfMail(currentSession(), request);
      case 'lookAtTime':
        currentSession().lookAtTime();
        return null;
      case 'continueImport':
        return currentSession().imports.continue(request.importId, request.rows);
      case 'stopImport':
        await currentSession().imports.stop(request.importId, request.failure);
        return null;
      case 'reloadPending':
        await currentSession().reconciler.reload(await deps.journal.pending());
        return null;
      case 'applyPage':
        return applyPage(currentSession(), request);
      case 'applyVerdicts':
        return applyVerdicts(currentSession(), request.verdicts);
    }
  }

  /** What was asked for from another place would leave a gap: the database began anew meanwhile. */
  function checkPlace(request: HostRequest): void {
    if (request.kind !== 'applyPage' && request.kind !== 'applyManifest') return;
    if (currentSession().database.readPosition().token !== request.after)
      throw new OutpostError('local_database_damaged', 'The local database began anew while this was on its way');
  }

  async function handle(request: HostRequest): Promise<unknown> {
    checkPlace(request);
    try {
      return await handleNow(request);
    } catch (error) {
      if (isDamage(error) && session !== null) await rebuild(session);
      throw error;
    }
  }

  /** The journal has it: it is shown as soon as the view can be written, or with a view that is built anew. */
  async function onSavedUnseen(error: unknown): Promise<void> {
    deps.noteError?.(error);
    if (isDamage(error) && session !== null) await rebuild(session);
    else deps.after(SHOW_AGAIN_MS, () => void queue.run(showAgain));
  }

  async function showAgain(): Promise<void> {
    if (session === null) return;
    try {
      await session.applier.replay(await deps.journal.pending());
      session.live.flush();
    } catch (error) {
      await onSavedUnseen(error);
    }
  }

  const requesters = createRequesters({ queue, clock: deps.clock, currentSession });

  return {
    handle: (request) => queue.run(() => handle(request)),
    watch(name, query, onAnswer, viewAs) {
      const watch: Watch = { name, query, viewAs, onAnswer, stop: () => undefined };
      watches.add(watch);
      begin(watch);
      return () => {
        watches.delete(watch);
        watch.stop();
      };
    },
    async request(name, input, viewAs) {
      await whenDecided.promise;
      const table: Readonly<Record<string, ((asking: Asking, input: never) => Promise<unknown>) | undefined>> =
        requesters;
      const requester = table[name];
      if (requester === undefined)
        throw new OutpostError('not_found', 'The data host does not know this request', { name });
      if (viewAs !== undefined && !answeredInView.has(name)) {
        throw new OutpostError('action_forbidden', 'Nothing can be changed while you look at Outpost as another role.');
      }
      return requester(askingOf(currentSession(), viewAs), input as never);
    },
    startDay() {
      session?.inbox.startDay();
      session?.live.markAll();
    },
  };
}
