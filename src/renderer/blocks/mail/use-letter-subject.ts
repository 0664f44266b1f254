// Which records a letter is about: what its author began it from, what the answered mail is kept with, or whom it goes to.
import type { Composing } from '#renderer/blocks/mail/draft-for.ts';
import { recordTitle } from '#renderer/blocks/record-title.ts';
import { useLive } from '#renderer/data/use-data.ts';
import type { LetterLinks } from '#renderer/blocks/mail/attach-menu.tsx';
import type { EntityName } from '#shared/entities/define-entity.ts';
import { textOf } from '#shared/kernel/text-of.ts';
import type { MailDraft } from '#shared/mail/mail-types.ts';

interface Named {
  readonly entity: EntityName;
  readonly id: string;
}

export function useLetterSubject(
  composing: Composing,
  draft: MailDraft,
  person: Named | null,
): {
  readonly links: LetterLinks;
  /** Of the deal that was named for it. */
  readonly dealName: string | null;
} {
  const answered = composing.kind === 'new' || composing.kind === 'draft' ? null : composing.mail.summary.recordId;
  const kept = useLive('record', answered === null ? null : { entity: 'mailMessage', id: answered }).data?.record;
  const dealId = draft.dealId ?? textOf(kept?.['dealId']);
  const deal = useLive('record', dealId === '' ? null : { entity: 'deal', id: dealId }).data?.record ?? null;
  const about = composing.kind === 'new' ? (composing.about ?? person) : person;
  const own = about === null ? {} : { [`${about.entity}Id`]: about.id };
  const links: Record<string, string> = { accountId: textOf(deal?.['accountId'] ?? kept?.['accountId']), ...own };
  for (const field of ['contactId', 'leadId']) links[field] ??= textOf(kept?.[field]);
  if (dealId !== '') links['dealId'] = dealId;
  return { links, dealName: (draft.dealId ?? null) === null || deal === null ? null : recordTitle(deal) };
}
