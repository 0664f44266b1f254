import { describe, expect, it } from 'vitest';
import { letterOf, partsOfLetter } from '#renderer/blocks/mail/letter-parts.ts';

describe('the parts of a letter', () => {
  const signature = '-- \nAda\nOutpost';
  const quoted = 'Bob wrote on 26 November:\n> Two questions\n>\n> Bob';

  it('EML-13 a draft goes above the signature and the mail that is answered, and takes neither of them away', () => {
    for (const below of ['', signature, quoted, `${signature}\n\n${quoted}`])
      for (const written of ['', 'Dear Bob,\n\nyes.']) {
        const parts = partsOfLetter(letterOf(written, below));
        expect(parts).toEqual({ written, below });
        expect(letterOf('Another one', parts.below)).toBe(below === '' ? 'Another one' : `Another one\n\n${below}`);
      }
  });

  it('EML-13 what was written between the lines of another stays where it was', () => {
    const text = 'See below.\n\n> first\n\nyes\n\n> second\n\nno\n\n-- \nAda';
    const { written, below } = partsOfLetter(text);
    expect(written).toBe('See below.');
    expect(letterOf(written, below)).toBe(text);
  });

  it('EML-13 two dashes of a text are no signature', () => {
    expect(partsOfLetter('One -- two\n--\nthree').below).toBe('');
  });
});
