// Marks on slots: one byte each, 1 or 0. Four at a time where that is possible: a million slots are little work then.

/** True when every one of the first `slots` marks is 1. */
export function areAllMarked(marks: Uint8Array, slots: number): boolean {
  const words = wordsOf(marks, slots);
  let all = 0x0101_0101;
  for (let word = 0; word < words.length; word += 1) all &= words[word] as number;
  for (let slot = words.length * 4; slot < slots; slot += 1) all &= (marks[slot] as number) * 0x0101_0101;
  return all === 0x0101_0101;
}

/** Marks of `into` stay where `other` has them too. */
export function keepCommon(into: Uint8Array, other: Uint8Array, slots: number): void {
  const [words, others] = [wordsOf(into, slots), wordsOf(other, slots)];
  const common = Math.min(words.length, others.length);
  for (let word = 0; word < common; word += 1) words[word] = (words[word] as number) & (others[word] as number);
  for (let slot = common * 4; slot < slots; slot += 1) into[slot] = (into[slot] as number) & (other[slot] as number);
}

/** Marks of `other` are added to those of `into`. */
export function addMarks(into: Uint8Array, other: Uint8Array, slots: number): void {
  const [words, others] = [wordsOf(into, slots), wordsOf(other, slots)];
  const common = Math.min(words.length, others.length);
  for (let word = 0; word < common; word += 1) words[word] = (words[word] as number) | (others[word] as number);
  for (let slot = common * 4; slot < slots; slot += 1) into[slot] = (into[slot] as number) | (other[slot] as number);
}

/** As many as fit; none where the bytes do not begin at a word. */
function wordsOf(marks: Uint8Array, slots: number): Int32Array {
  if (marks.byteOffset % 4 !== 0) return new Int32Array(0);
  return new Int32Array(marks.buffer, marks.byteOffset, slots >> 2);
}
