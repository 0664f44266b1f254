import { expect, it } from 'vitest';
import { erasedMailIn } from '#main/mail/erased-mail.ts';
import { erasedProblem, refusedByHand, refusedMail } from '#test/support/refused-mail.ts';

const erased = { code: 'invalid', problems: [erasedProblem] };

it('C10 EML-12 mail the server refuses because somebody in it was erased is found with all that hangs on it', () => {
  const found = erasedMailIn(
    [
      ...refusedMail('m1', erased),
      ...refusedMail('m2', { code: 'deleted', why: { reason: 'erased', entity: 'mailMessage' } }),
    ],
    [],
  );
  expect(found.messages).toEqual(['m1', 'm2']);
  expect(found.files).toEqual(['m1-f', 'm2-f']);
  expect(found.items).toHaveLength(6);
});

it('C10 EML-12 what was refused for another reason, or concerns what somebody typed, stays where it is looked at', () => {
  const nothing = { messages: [], files: [], items: [] };
  const other = { field: 'recipients', code: 'tooLong', message: 'Too long.' };
  expect(erasedMailIn(refusedMail('m1', { code: 'not_visible' }), [])).toEqual(nothing);
  expect(erasedMailIn(refusedMail('m1', { code: 'invalid', problems: [erasedProblem, other] }), [])).toEqual(nothing);
  expect(erasedMailIn(refusedMail('m1', { code: 'invalid' }), [])).toEqual(nothing);
  // A contact somebody entered.
  const [typed] = refusedMail('c1', erased);
  if (typed === undefined) throw new Error('no item');
  const contact = { ...typed.operation, entity: 'contact', command: 'createRecord', txn: null } as const;
  expect(erasedMailIn([{ ...typed, operation: contact }], [])).toEqual(nothing);
  // A mail somebody gave to a deal, refused or still on its way.
  const byHand = refusedByHand('setMailDeal', 'mailContent', 'm1-t');
  expect(erasedMailIn([...refusedMail('m1', erased), byHand], [])).toEqual(nothing);
  expect(erasedMailIn(refusedMail('m1', erased), [byHand.operation])).toEqual(nothing);
  expect(erasedMailIn([...refusedMail('m1', erased), ...refusedMail('m2', erased), byHand], []).messages).toEqual([
    'm2',
  ]);
});
