// A forgotten password. Whoever asks gets the same answer at the same speed, whether the address is known or not: looking and
// mailing happen after it. The link holds 256 bits, kept as a hash, lives half an hour, works once, is replaced by the next one,
// and is bound to the account and the address it was mailed to. It opens no session; a second factor is asked for as ever.
import { randomUUID } from 'node:crypto';
import { OutpostError } from '#shared/kernel/errors.ts';
import type { UserId } from '#shared/kernel/ids.ts';
import type { Clock, RandomSource } from '#shared/kernel/ports.ts';
import { RESET_PATH, type Reset } from '#shared/sync/sign-in-messages.ts';
import type { PublicAddress } from '#server/http/public-address.ts';
import { type AccountPlace, findAccount, foldEmail, replacePasswordHash } from '#server/identity/accounts.ts';
import { createAttemptLimits } from '#server/identity/attempt-limits.ts';
import { createPasswordChoice } from '#server/identity/password-choice.ts';
import type { Passwords } from '#server/identity/passwords.ts';
import { readActor } from '#server/identity/load-actor.ts';
import { createRefreshToken, hashRefreshToken, tenantOfRefreshToken } from '#server/identity/refresh-tokens.ts';
import { revokeSessionsOf } from '#server/identity/sessions.ts';
import { noteOwn } from '#server/identity/sign-in-history.ts';
import { writeResetMail } from '#server/identity/write-reset-mail.ts';
import { sendBranded } from '#server/mail/branded-mail.ts';
import type { Mailer } from '#server/mail/mailer.ts';
import type { SqlDatabase, SqlSession } from '#server/store/database.ts';
import { findRecord } from '#server/sync/write-record.ts';

export const RESET_LIFETIME_MS = 30 * 60_000;
/** Every wish is a mail to somebody, so there are few of them. */
const resetPolicy = { windowMs: 15 * 60_000, perPair: 5, perAccount: 10, perSource: 60 } as const;

export interface ResetDependencies {
  readonly database: SqlDatabase;
  readonly clock: Clock;
  readonly random: RandomSource;
  readonly passwords: Passwords;
  /** Null: the server sends no mail. */
  readonly mailer: Mailer | null;
  readonly publicAddress: PublicAddress;
  readonly onFailure: (error: unknown) => void;
}

export interface PasswordReset {
  /** Throws `mail_not_set_up` and `too_many_attempts`, whoever is named. */
  ask(email: string, address: string): Promise<void>;
  /** Before a password is typed; the link stays. Throws `link_over`, `too_many_attempts`. */
  check(link: { readonly code: string; readonly address: string }): Promise<void>;
  /** Throws `link_over`, `too_many_attempts`, `server_busy`, `invalid` for a password that is not good enough. */
  complete(reset: Reset & { readonly address: string }): Promise<void>;
  /** Waits for what was asked for. */
  settle(): Promise<void>;
}

interface Link extends AccountPlace {
  readonly name: string;
}

const linkOver = () => new OutpostError('link_over', 'This link was used already or is too old.');

/** Of a link that still stands for this account and this address. */
async function findLink(
  session: SqlSession,
  place: { tenantId: AccountPlace['tenantId']; code: string },
  nowMs: number,
) {
  const [row] = await session.query<{ userId: string; name: string }>(
    `SELECT l.user_id AS "userId", l.name FROM reset_link l
     JOIN sign_in_name n ON n.name = l.name AND n.tenant = l.tenant AND n.user_id = l.user_id
     WHERE l.tenant = $1 AND l.token_hash = $2 AND l.expires_at > $3 FOR UPDATE OF l`,
    [place.tenantId, hashRefreshToken(place.code), nowMs],
  );
  if (row === undefined) return null;
  const link: Link = { tenantId: place.tenantId, userId: row.userId as UserId, name: row.name };
  return (await readActor(session, link.tenantId, link.userId)) === null ? null : link;
}

async function keepLink(session: SqlSession, link: Link, code: string, nowMs: number): Promise<void> {
  await session.query('DELETE FROM reset_link WHERE tenant = $1 AND (user_id = $2 OR expires_at <= $3)', [
    link.tenantId,
    link.userId,
    nowMs,
  ]);
  await session.query(
    `INSERT INTO reset_link (tenant, token_hash, user_id, name, created_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6)`,
    [link.tenantId, hashRefreshToken(code), link.userId, link.name, nowMs, nowMs + RESET_LIFETIME_MS],
  );
  await noteOwn(session, link, nowMs, { command: 'password.askReset', device: null });
}

export function createPasswordReset(dependencies: ResetDependencies): PasswordReset {
  const { database, clock, random, passwords, mailer, publicAddress, onFailure } = dependencies;
  const asking = createAttemptLimits({ database, clock }, 'askReset', resetPolicy);
  const completing = createAttemptLimits({ database, clock }, 'completeReset');
  const choice = createPasswordChoice(database, passwords);
  const running = new Set<Promise<void>>();

  async function send(email: string, origin: string, by: Mailer): Promise<void> {
    const name = foldEmail(email);
    const { place, passwordHash } = await findAccount(database, name);
    if (passwordHash === null) return;
    const code = createRefreshToken(place.tenantId, random);
    const person = await database.inTenant(place.tenantId, async (session) => {
      if ((await readActor(session, place.tenantId, place.userId)) === null) return null;
      const found = await findRecord(session, place.tenantId, 'user', place.userId);
      await keepLink(session, { ...place, name }, code, clock.now());
      return found?.record ?? null;
    });
    if (person === null) return;
    const link = `${origin}${RESET_PATH}#${new URLSearchParams({ email: name, code }).toString()}`;
    const { to, ...mail } = await writeResetMail(person, link, RESET_LIFETIME_MS);
    await sendBranded(database, place.tenantId, by, { ...mail, to: { name: to, address: name }, id: randomUUID() });
  }

  /** Counts as one try until the link is known to stand: codes are guessed no oftener by looking than by using them. */
  async function requireLink(code: string, address: string): Promise<Link> {
    const tenantId = tenantOfRefreshToken(code);
    await completing.begin(`reset ${address}`, address);
    if (tenantId === null) throw linkOver();
    const link = await database.inTenant(tenantId, (session) => findLink(session, { tenantId, code }, clock.now()));
    if (link === null) throw linkOver();
    // Whoever has the link guesses nothing: a password that is not good enough is chosen anew as often as it takes.
    await completing.succeed(`reset ${address}`, address);
    return link;
  }

  return {
    async ask(email, address) {
      const origin = publicAddress();
      if (mailer === null || origin === null)
        throw new OutpostError('mail_not_set_up', 'This server sends no mail. Ask your administrator for a password.');
      await asking.begin(foldEmail(email), address);
      const sent = send(email, origin, mailer)
        .catch(onFailure)
        .finally(() => running.delete(sent));
      running.add(sent);
    },

    async check({ code, address }) {
      await requireLink(code, address);
    },

    async complete({ code, newPassword, address }) {
      const link = await requireLink(code, address);
      const { tenantId } = link;
      const chosen = await choice.choose(link, newPassword);
      await database.inTenant(tenantId, async (session) => {
        const nowMs = clock.now();
        // Of two who use it at the same instant one is first.
        if ((await findLink(session, { tenantId, code }, nowMs)) === null) throw linkOver();
        await session.query('DELETE FROM reset_link WHERE tenant = $1 AND user_id = $2', [tenantId, link.userId]);
        await replacePasswordHash(session, link, chosen, nowMs);
        await revokeSessionsOf(session, link, 'password_changed', nowMs);
        await noteOwn(session, link, nowMs, { command: 'password.reset', device: null, detail: { address } });
      });
    },

    async settle() {
      await Promise.all(running);
    },
  };
}
