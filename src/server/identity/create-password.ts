import type { RandomSource } from '#shared/kernel/ports.ts';

/** Letters and digits that nobody takes for another one; 32 of them, so that each byte gives five fair bits. */
const ALPHABET = 'abcdefghjkmnpqrstuvwxyzACEFHKLMN2345679'.slice(0, 32);
const LENGTH = 16;
const GROUP_LENGTH = 4;

/** A password for a person to copy or type once: 80 bits in four groups. */
export function createPassword(random: RandomSource): string {
  const letters = [...random.bytes(LENGTH)].map((byte) => ALPHABET[byte % ALPHABET.length] ?? '');
  const groups: string[] = [];
  for (let start = 0; start < LENGTH; start += GROUP_LENGTH)
    groups.push(letters.slice(start, start + GROUP_LENGTH).join(''));
  return groups.join('-');
}
