// Templates for a letter, filled in for the first person it goes to as the sender sees that person; and who can be written to.
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAppSelector } from '#renderer/app/store/store.ts';
import { useLive } from '#renderer/data/use-data.ts';
import { recipientText } from '#renderer/blocks/mail/draft-for.ts';
import type { EntityName } from '#shared/entities/define-entity.ts';
import { textOf } from '#shared/kernel/text-of.ts';
import type { LetterBody } from '#shared/mail/letter-document.ts';
import type { MailDraft } from '#shared/mail/mail-types.ts';
import { mailValuesOf } from '#shared/mail/mail-values.ts';
import { contentOf, renderMail } from '#shared/mail/template-content.ts';

const MOST = 200;
const byName = [{ field: 'name', direction: 'asc' }] as const;

export interface LetterTemplates {
  /** The first person it goes to, when that is somebody known. */
  readonly person: { readonly entity: EntityName; readonly id: string } | null;
  readonly templates: readonly { readonly id: string; readonly name: string }[];
  /** Recipients to choose from. */
  readonly suggestions: readonly string[];
  /** Variables of the template that was taken last that nothing is known for. */
  readonly missing: readonly string[];
  /** It filled in; null when it is gone. */
  fill(id: string): { readonly subject: string; readonly body: LetterBody } | null;
}

export function useMailTemplates(draft: MailDraft): LetterTemplates {
  const { i18n } = useTranslation();
  const session = useAppSelector((state) => state.device.session);
  const userId = session?.status === 'signedIn' ? session.actor.userId : '';
  const [missing, setMissing] = useState<readonly string[]>([]);
  const address = draft.to[0]?.address.toLowerCase() ?? '';
  const templates = useLive('list', { entity: 'mailTemplate', sort: [...byName], offset: 0, limit: MOST });
  const contacts = useLive('list', {
    entity: 'contact',
    filter: { field: 'email', op: 'isNotEmpty' },
    sort: [...byName],
    offset: 0,
    limit: MOST,
  });
  const filter = { field: 'email', op: 'eq', value: address } as const;
  const found = useLive(
    'list',
    address === '' ? null : { entity: 'contact', filter, sort: [...byName], offset: 0, limit: 1 },
  );
  const leads = useLive(
    'list',
    address === '' ? null : { entity: 'lead', filter, sort: [...byName], offset: 0, limit: 1 },
  );
  const person = found.data?.rows[0] ?? leads.data?.rows[0] ?? null;
  const accountId = textOf(person?.['accountId']);
  const company = useLive('record', accountId === '' ? null : { entity: 'account', id: accountId });
  const sender = useLive('record', userId === '' ? null : { entity: 'user', id: userId });
  const rows = templates.data?.rows ?? [];
  return {
    person: person === null ? null : { entity: person.kind, id: person.id },
    templates: rows.map((row) => ({ id: row.id, name: textOf(row['name']) })),
    suggestions: [
      ...new Set(
        (contacts.data?.rows ?? []).map((row) =>
          recipientText({ name: textOf(row['name']), address: textOf(row['email']) }),
        ),
      ),
    ],
    missing,
    fill(id) {
      const row = rows.find((each) => each.id === id);
      if (row === undefined) return null;
      const values = mailValuesOf(
        { person, company: company.data?.record ?? null, sender: sender.data?.record ?? null },
        {
          now: new Date().toISOString(),
          timeZone: new Intl.DateTimeFormat().resolvedOptions().timeZone,
          locale: i18n.language,
        },
      );
      const content = contentOf(row);
      const rendered = renderMail(content, values);
      setMissing(rendered.missing);
      return {
        subject: rendered.subject,
        body: { text: rendered.text, html: content.format === 'html' ? rendered.html : null },
      };
    },
  };
}
