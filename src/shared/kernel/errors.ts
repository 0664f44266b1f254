// One catalogue of everything that can go wrong. A code is read by programs and by people who search a log;
// the reaction says what the receiving side does next; the screen turns the code into the user's words
// (translation key `errors.<code>`), `message` is the English fallback and what a log line shows.

/** What the side that receives the error does next. */
export type Reaction = 'retry' | 'signIn' | 'fixInput' | 'accept' | 'resync' | 'upgrade' | 'report' | 'wipe';

interface CatalogueEntry {
  readonly reaction: Reaction;
  /** HTTP status when a server answers with it. */
  readonly status: number;
}

export const errorCatalogue = {
  // Verdict codes of a pushed operation (design: few and fixed).
  not_visible: { reaction: 'accept', status: 404 },
  field_forbidden: { reaction: 'accept', status: 403 },
  action_forbidden: { reaction: 'accept', status: 403 },
  invalid: { reaction: 'fixInput', status: 400 },
  deleted: { reaction: 'accept', status: 410 },
  duplicate: { reaction: 'fixInput', status: 409 },
  conflict_manual: { reaction: 'accept', status: 409 },
  too_old_schema: { reaction: 'upgrade', status: 426 },
  op_reuse: { reaction: 'report', status: 409 },
  limit: { reaction: 'retry', status: 429 },
  blocked: { reaction: 'accept', status: 409 },
  // Pivots.
  unknown_field: { reaction: 'fixInput', status: 400 },
  wrong_formula: { reaction: 'fixInput', status: 400 },
  too_many_cells: { reaction: 'fixInput', status: 400 },
  // Getting in.
  wrong_credentials: { reaction: 'fixInput', status: 401 },
  password_change_required: { reaction: 'fixInput', status: 403 },
  one_time_expired: { reaction: 'fixInput', status: 403 },
  wrong_code: { reaction: 'fixInput', status: 401 },
  challenge_over: { reaction: 'fixInput', status: 401 },
  proof_required: { reaction: 'fixInput', status: 403 },
  factor_needed: { reaction: 'fixInput', status: 409 },
  link_over: { reaction: 'fixInput', status: 410 },
  account_deactivated: { reaction: 'wipe', status: 403 },
  device_wiped: { reaction: 'wipe', status: 403 },
  session_expired: { reaction: 'signIn', status: 401 },
  session_revoked: { reaction: 'signIn', status: 401 },
  refresh_reused: { reaction: 'signIn', status: 401 },
  too_many_attempts: { reaction: 'retry', status: 429 },
  // Single sign-on.
  sso_not_set_up: { reaction: 'fixInput', status: 409 },
  sso_expired: { reaction: 'fixInput', status: 410 },
  sso_refused: { reaction: 'fixInput', status: 403 },
  password_off: { reaction: 'fixInput', status: 403 },
  provider_failed: { reaction: 'retry', status: 502 },
  address_forbidden: { reaction: 'fixInput', status: 400 },
  // The organization as a whole: nothing ends, everybody comes back later.
  organization_suspended: { reaction: 'retry', status: 403 },
  under_maintenance: { reaction: 'retry', status: 503 },
  feature_off: { reaction: 'accept', status: 403 },
  too_many_requests: { reaction: 'retry', status: 429 },
  address_not_allowed: { reaction: 'retry', status: 403 },
  key_refused: { reaction: 'report', status: 401 },
  // Protocol and transport.
  scope_changed: { reaction: 'resync', status: 409 },
  incarnation_changed: { reaction: 'resync', status: 409 },
  bad_token: { reaction: 'resync', status: 400 },
  too_old_protocol: { reaction: 'upgrade', status: 426 },
  too_large: { reaction: 'fixInput', status: 413 },
  not_found: { reaction: 'report', status: 404 },
  /** A mail server did not do what was asked; `failure` says why. */
  mailbox_failed: { reaction: 'fixInput', status: 502 },
  /** A provider does not vouch for the person any more. */
  sign_in_again: { reaction: 'fixInput', status: 403 },
  server_unreachable: { reaction: 'retry', status: 503 },
  server_busy: { reaction: 'retry', status: 503 },
  wrong_answer: { reaction: 'retry', status: 502 },
  not_an_outpost_server: { reaction: 'fixInput', status: 502 },
  // Mail.
  mail_not_set_up: { reaction: 'fixInput', status: 409 },
  mail_failed: { reaction: 'retry', status: 502 },
  // This computer.
  embedded_server_down: { reaction: 'retry', status: 503 },
  address_in_use: { reaction: 'retry', status: 409 },
  already_running: { reaction: 'accept', status: 409 },
  directory_in_use: { reaction: 'accept', status: 409 },
  disk_full: { reaction: 'fixInput', status: 507 },
  journal_damaged: { reaction: 'report', status: 500 },
  /** Not an error of anything: what a backup brought back, until its author decided. */
  from_backup: { reaction: 'accept', status: 409 },
  backup_damaged: { reaction: 'fixInput', status: 400 },
  backup_foreign: { reaction: 'fixInput', status: 403 },
  backup_other_key: { reaction: 'fixInput', status: 403 },
  backup_passphrase: { reaction: 'fixInput', status: 403 },
  backup_folder_gone: { reaction: 'retry', status: 503 },
  export_folder_gone: { reaction: 'retry', status: 503 },
  backup_folder_inside: { reaction: 'fixInput', status: 400 },
  local_database_damaged: { reaction: 'resync', status: 500 },
  keychain_unavailable: { reaction: 'fixInput', status: 500 },
  wrong_passphrase: { reaction: 'fixInput', status: 401 },
  not_signed_in: { reaction: 'signIn', status: 401 },
  cancelled: { reaction: 'accept', status: 499 },
  interrupted: { reaction: 'retry', status: 503 },
  internal: { reaction: 'report', status: 500 },
} as const satisfies Record<string, CatalogueEntry>;

export type ErrorCode = keyof typeof errorCatalogue;

/** Facts for the message of the screen. Never a field value of a record: errors are logged. */
export type ErrorDetails = Readonly<
  Record<string, string | number | boolean | readonly string[] | Readonly<Record<string, readonly string[]>>>
>;

/** The only error class that crosses a module boundary. Travels over IPC and HTTP as `ErrorData`. */
export class OutpostError extends Error {
  readonly code: ErrorCode;
  readonly details: ErrorDetails;

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}, options?: { readonly cause?: unknown }) {
    super(message, options);
    this.name = 'OutpostError';
    this.code = code;
    this.details = details;
  }

  get reaction(): Reaction {
    return errorCatalogue[this.code].reaction;
  }
}

/**
 * An error that is an answer and no accident, such as a refusal. It does not say where it was made: looking for that takes
 * several times as long as the answer itself.
 */
export function answerError(code: ErrorCode, message: string, details?: ErrorDetails): OutpostError {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  const error = new OutpostError(code, message, details);
  Error.stackTraceLimit = stackTraceLimit;
  return error;
}

/** An error as plain data, as it stands in HTTP bodies and IPC envelopes. */
export interface ErrorData {
  readonly code: ErrorCode;
  readonly message: string;
  readonly details: ErrorDetails;
}

/**
 * Kind and place in the code of an error this program did not expect. Its message is not told to anybody: libraries quote
 * in it what they were given, and that is what people wrote.
 */
export function describeUnexpected(error: unknown): { readonly kind: string; readonly place?: string } {
  if (!(error instanceof Error)) return { kind: typeof error };
  const { name, message, stack = '' } = error;
  const frames = stack.slice(Math.max(0, stack.indexOf(message)) + message.length);
  const [, place] = /^\s+at .*?([^/\\\s()]+:\d+:\d+)\)?$/m.exec(frames) ?? [];
  return { kind: name, ...(place === undefined ? {} : { place }) };
}

const UNEXPECTED = 'Something unexpected happened.';

export function toErrorData(error: unknown): ErrorData {
  if (error instanceof OutpostError) return { code: error.code, message: error.message, details: error.details };
  return { code: 'internal', message: UNEXPECTED, details: describeUnexpected(error) };
}

export function fromErrorData(data: ErrorData): OutpostError {
  const code: ErrorCode = Object.hasOwn(errorCatalogue, data.code) ? data.code : 'internal';
  return new OutpostError(code, data.message, data.details);
}

/** The error itself when it is ours, otherwise an `internal` one that keeps it as cause. */
export function toOutpostError(error: unknown): OutpostError {
  if (error instanceof OutpostError) return error;
  return new OutpostError('internal', UNEXPECTED, describeUnexpected(error), { cause: error });
}
