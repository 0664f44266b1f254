// Where keys are kept, chosen once at start: the first place that proves itself by writing, reading and deleting a
// value in time. A library that loads is no proof. Where no place protects, the store is an encrypted vault with a
// passphrase; it never falls back to plain text.

export type SecretName = `profile-key:${string}` | `refresh-token:${string}` | `mail:${string}` | 'probe';

export interface SecretStore {
  /** Shown in Settings. */
  readonly backend: 'keychain' | 'safeStorage' | 'passphrase';
  /** Null when there is no such secret. Throws `keychain_unavailable`. */
  get(name: SecretName): Promise<string | null>;
  set(name: SecretName, value: string): Promise<void>;
  delete(name: SecretName): Promise<void>;
}

const PROBE_LIMIT_MS = 3_000;

function withDeadline<Value>(work: Promise<Value>, limitMs: number): Promise<Value> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`no answer within ${limitMs} ms`)), limitMs);
    work.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}

/** Writes, reads and deletes a value; throws what went wrong. */
async function probe(store: SecretStore): Promise<void> {
  const value = `probe-${Math.random()}`;
  await store.set('probe', value);
  const back = await store.get('probe');
  await store.delete('probe');
  if (back !== value) throw new Error('a stored value came back changed');
}

/** With what lies below: "does not answer" helps nobody find out why. */
function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause === undefined ? error.message : `${error.message} ${describe(error.cause)}`;
}

export interface Candidate {
  readonly name: string;
  /** Null when this place does not exist or does not protect here. */
  open(): Promise<SecretStore | null>;
}

export interface Choice {
  readonly store: SecretStore | null;
  /** Why the places before it were not taken, for the log. */
  readonly reasons: readonly string[];
}

/** The first candidate that works; each has `limitMs` for its whole probe. */
export async function chooseSecretStore(candidates: readonly Candidate[], limitMs = PROBE_LIMIT_MS): Promise<Choice> {
  const reasons: string[] = [];
  for (const candidate of candidates) {
    try {
      const store = await withDeadline(candidate.open(), limitMs);
      if (store === null) {
        reasons.push(`${candidate.name}: does not protect here`);
        continue;
      }
      await withDeadline(probe(store), limitMs);
      return { store, reasons };
    } catch (error) {
      reasons.push(`${candidate.name}: ${describe(error)}`);
    }
  }
  return { store: null, reasons };
}
