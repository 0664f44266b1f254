// Where errors nobody expected are told: to Sentry when the operator gave an address of it, otherwise to a log on this computer, and to
// that as well when Sentry could not be had. The same error many times is told a few times a minute, with how often it was left out.
import { toInstant } from '#shared/kernel/calendar.ts';
import type { Clock } from '#shared/kernel/ports.ts';
import {
  describeParts,
  filterContext,
  filterFacts,
  harmless,
  type Breadcrumb,
  type ErrorContext,
  type ErrorFrame,
  type ErrorReport,
  type ReportLevel,
} from '#shared/observe/error-report.ts';

/** Takes a report over, or throws. */
export type ReportSink = (report: ErrorReport) => Promise<void> | void;

export interface ErrorReports {
  captureException(error: unknown, context?: ErrorContext): void;
  /** `text`: a sentence of this program without anything put into it. */
  captureMessage(text: string, level: ReportLevel, context?: ErrorContext): void;
  /** One that happened in a page, as far as the page may tell of it. */
  captureTold(told: { readonly kind: string; readonly frames: readonly ErrorFrame[] }, context?: ErrorContext): void;
  /** Who works with this program, by id; null: nobody. */
  setUser(userId: string | null): void;
  addBreadcrumb(category: string, facts: Breadcrumb['facts']): void;
  /** What became of the last report that was sent elsewhere. */
  readonly lastDelivery: () => { readonly at: string; readonly isWell: boolean } | null;
  readonly goesTo: 'sentry' | 'file' | 'nowhere';
  /** Everything told so far has arrived somewhere. */
  settled(): Promise<void>;
}

export interface ErrorReportsOptions {
  readonly clock: Clock;
  /** 32 hexadecimal digits. */
  readonly createId: () => string;
  readonly facts: { readonly service: string; readonly release: string; readonly environment: string };
  readonly sentry: ReportSink | null;
  readonly file: ReportSink | null;
  /** A sink failed, too: it can only be said. */
  readonly onLost: (error: unknown) => void;
}

const MOST_CRUMBS = 20;
const MOST_ALIKE = 5;
const MINUTE_MS = 60_000;

/** Message errors have no frames; their sentence is the kind. */
class Said extends Error {}

export function createErrorReports(options: ErrorReportsOptions): ErrorReports {
  const { clock, facts, sentry, file } = options;
  let crumbs: Breadcrumb[] = [];
  let userId: string | null = null;
  let last: { at: string; isWell: boolean } | null = null;
  let delivering: Promise<void> = Promise.resolve();
  const alike = new Map<string, { minute: number; count: number }>();

  function isTooMuch(key: string): boolean {
    const minute = Math.floor(clock.now() / MINUTE_MS);
    const known = alike.get(key);
    if (known?.minute !== minute) {
      if (alike.size > 1_000) alike.clear();
      alike.set(key, { minute, count: 1 });
      return false;
    }
    known.count += 1;
    return known.count > MOST_ALIKE;
  }

  async function deliver(report: ErrorReport): Promise<void> {
    if (sentry !== null) {
      try {
        await sentry(report);
        last = { at: report.at, isWell: true };
        return;
      } catch (error) {
        last = { at: report.at, isWell: false };
        options.onLost(error);
      }
    }
    await file?.(report);
  }

  function tell(errors: ErrorReport['errors'], level: ReportLevel, context: ErrorContext): void {
    const [first] = errors;
    const frame = first?.frames[0];
    if (isTooMuch(JSON.stringify([first?.kind, first?.code, frame?.file, frame?.line]))) return;
    const who = userId === null ? {} : { userId };
    const report: ErrorReport = {
      id: options.createId(),
      at: toInstant(clock.now()),
      level,
      ...facts,
      errors,
      context: filterContext({ ...who, ...context }),
      crumbs: [...crumbs],
    };
    delivering = delivering.then(() => deliver(report)).catch(options.onLost);
  }

  return {
    captureException: (error, context = {}) => tell(describeParts(error), 'error', context),
    captureMessage(text, level, context = {}) {
      const [part] = describeParts(new Said());
      tell([{ kind: text, code: '', frames: part?.frames.slice(1) ?? [] }], level, context);
    },
    captureTold({ kind, frames }, context = {}) {
      const filtered = frames.map((frame) => ({
        ...frame,
        function: harmless(frame.function),
        file: harmless(frame.file),
      }));
      tell([{ kind: harmless(kind), code: '', frames: filtered }], 'error', context);
    },
    setUser(id) {
      userId = id;
    },
    addBreadcrumb(category, crumb) {
      crumbs = [
        ...crumbs.slice(1 - MOST_CRUMBS),
        { at: toInstant(clock.now()), category: harmless(category), facts: filterFacts(crumb) },
      ];
    },
    lastDelivery: () => last,
    goesTo: sentry !== null ? 'sentry' : file !== null ? 'file' : 'nowhere',
    settled: () => delivering,
  };
}
