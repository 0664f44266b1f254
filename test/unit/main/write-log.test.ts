import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { toLogLine } from '#main/write-log.ts';
import { fromErrorData, OutpostError, toErrorData, toOutpostError } from '#shared/kernel/errors.ts';

const CANARY = 'canary.erika@secret.example';

function errorOf(work: () => unknown): unknown {
  try {
    work();
  } catch (error) {
    return error;
  }
  throw new Error('this should have failed');
}

/** Errors as libraries throw them, with what they were given in their text. */
const quoting: Readonly<Record<string, unknown>> = {
  'a parser': errorOf(() => JSON.parse(CANARY)),
  'a check of arguments': errorOf(() => readFileSync({ [CANARY]: 1 } as never)),
  'a conversion': errorOf(() => BigInt(CANARY)),
  'a database': new Error(`Given parameters: { document: { email: "${CANARY}" } }`),
  'lines that look like a stack': new Error(`first\n    at ${CANARY}:1:2)\n    at more (${CANARY}.ts:3:4)`),
  'no error at all': { email: CANARY },
  'a text': CANARY,
};

describe('log lines', () => {
  it.each(Object.keys(quoting))(
    'D14 hold nothing that %s quotes, also after it went through another process',
    (what) => {
      const error = quoting[what];
      const wrapped = new OutpostError('keychain_unavailable', 'The keychain does not answer.', {}, { cause: error });
      for (const form of [error, toOutpostError(error), fromErrorData(toErrorData(error)), wrapped]) {
        expect(toLogLine(0, 'an exchange failed', form)).not.toContain('canary');
        expect(JSON.stringify(toErrorData(form))).not.toContain('canary');
      }
      expect(JSON.stringify(toErrorData(error))).toContain('"internal"');
    },
  );

  it('D14 still say what happened and where', () => {
    expect(toLogLine(0, 'an exchange failed', new TypeError(CANARY))).toMatch(
      /"message":"an exchange failed","error":"TypeError at write-log\.test\.ts:\d+:\d+"/,
    );
    const away = fromErrorData(toErrorData(new TypeError(CANARY)));
    expect(toLogLine(0, 'x', away)).toMatch(/internal: .*\(TypeError write-log\.test\.ts:\d+:\d+\)/);
    expect(
      toLogLine(
        0,
        'x',
        errorOf(() => readFileSync('/no/such/file')),
      ),
    ).toContain('ENOENT');
    const missing = new OutpostError('not_found', 'There is no such file.', {}, { cause: new RangeError(CANARY) });
    expect(toLogLine(0, 'x', missing)).toMatch(/not_found: There is no such file\. <- RangeError at/);
  });
});
