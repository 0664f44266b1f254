// A person signs in: the name is found, the password checked, the session opened and written down, durably, on PGlite on a disk.
// Peer: one argon2id at the same strength on the same machine, in turns with the sign-ins. More than twice that would be work
// nobody asked for, and less than it a password that is not checked.
import { hash } from '@node-rs/argon2';
import { inMs, percentile, type Figure } from '#test/bench/figure.ts';
import { useCompany } from '#test/bench/shared-company.ts';
import { passwordCost } from '#server/identity/passwords.ts';

const WARM_UP = 5;
const ROUNDS = 60;
/** The smallest company there is: signing in does not depend on what else is kept. */
const DEALS = 1_000;

async function timeOf(work: () => Promise<unknown>): Promise<number> {
  const startMs = performance.now();
  await work();
  return performance.now() - startMs;
}

export const signIn: Figure = {
  name: 'signin',
  unit: 'ms',
  ratio: 'times',
  target: { is: '<=', limit: 2 },
  async measure() {
    const { url, email, password } = await useCompany(DEALS);
    const body = JSON.stringify({ email, password, deviceId: 'bench-sign-in', deviceName: 'Bench' });
    const enter = async (): Promise<void> => {
      const answer = await fetch(`${url}/api/v1/auth/sign-in`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body,
      });
      if (answer.status !== 200) throw new Error(`sign-in answered ${String(answer.status)}`);
      await answer.arrayBuffer();
    };
    const check = (): Promise<unknown> => hash(password, passwordCost);
    for (let round = 0; round < WARM_UP; round += 1) {
      await enter();
      await check();
    }
    const own: number[] = [];
    const peer: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      peer.push(await timeOf(check));
      own.push(await timeOf(enter));
    }
    const shares = [0.5, 0.95];
    return {
      value: percentile(own, 0.95),
      peer: { name: 'one argon2id, p95', value: percentile(peer, 0.95) },
      notes: [
        `sign-in, median and p95: ${inMs(shares.map((share) => percentile(own, share)))}`,
        `argon2id, median and p95: ${inMs(shares.map((share) => percentile(peer, share)))}`,
      ],
    };
  },
};
