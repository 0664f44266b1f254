// A program that keeps secrets as main does, for tests that give it a keychain or none through its environment. First
// line: the place that was chosen, and why none before it. Then one answer for each question on its input.
import { createInterface } from 'node:readline';
import { createKeychainCandidate } from '#main/secrets/keychain-store.ts';
import { chooseSecretStore, type SecretName } from '#main/secrets/secret-store.ts';
import { toErrorData } from '#shared/kernel/errors.ts';

export type KeychainQuestion =
  | { readonly ask: 'get' | 'delete'; readonly name: SecretName }
  | { readonly ask: 'set'; readonly name: SecretName; readonly value: string };

export type KeychainAnswer =
  | { readonly value: string | null }
  | { readonly error: { readonly code: string; readonly message: string } };

const { store, reasons } = await chooseSecretStore([createKeychainCandidate(process.argv[2] ?? '')]);
const write = (line: object): void => void process.stdout.write(`${JSON.stringify(line)}\n`);

async function answer(question: KeychainQuestion): Promise<KeychainAnswer> {
  try {
    if (store === null) throw new Error('no place was chosen');
    if (question.ask === 'get') return { value: await store.get(question.name) };
    await (question.ask === 'set' ? store.set(question.name, question.value) : store.delete(question.name));
    return { value: null };
  } catch (error) {
    return { error: toErrorData(error) };
  }
}

write({ backend: store?.backend ?? null, reasons });
for await (const line of createInterface({ input: process.stdin }))
  write(await answer(JSON.parse(line) as KeychainQuestion));
