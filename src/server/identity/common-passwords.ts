// The passwords that are tried first, almost fifty thousand from breaches, on board: no password is sent anywhere to be asked
// about. Read when the first one is chosen.
import { foldForComparison } from '#shared/access/password-policy.ts';

let reading: Promise<ReadonlySet<string>> | null = null;

async function read(): Promise<ReadonlySet<string>> {
  const { dictionary } = await import('@zxcvbn-ts/language-common');
  return new Set(dictionary['passwords-common'].map((word) => foldForComparison(word)));
}

export function readCommonPasswords(): Promise<ReadonlySet<string>> {
  reading ??= read();
  return reading;
}
