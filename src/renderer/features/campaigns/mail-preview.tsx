// The mail as one person after the other would get it, filled in with what the records say.
import { ActionIcon, Button, SegmentedControl } from '@mantine/core';
import { IconChevronLeft, IconChevronRight } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '#renderer/app/format/format.ts';
import { useAppSelector } from '#renderer/app/store/store.ts';
import { MailBody } from '#renderer/blocks/mail/mail-body.tsx';
import { recordTitle } from '#renderer/blocks/record-title.ts';
import type { LocalRecord } from '#renderer/data/data-contract.ts';
import { useLive } from '#renderer/data/use-data.ts';
import type { MailTexts } from '#renderer/features/campaigns/mail-content-fields.tsx';
import { textOf } from '#shared/kernel/text-of.ts';
import { mailValuesOf } from '#shared/mail/mail-values.ts';
import { placesOf } from '#shared/mail/render-template.ts';
import { renderMail } from '#shared/mail/template-content.ts';
import classes from './campaigns.module.css';

export function MailPreview(props: {
  readonly texts: MailTexts;
  readonly subjectB: string;
  readonly people: readonly LocalRecord[];
  readonly index: number;
  readonly onIndex: (index: number) => void;
  readonly onLeaveOut: (id: string) => void;
}) {
  const { t } = useTranslation();
  const format = useFormat();
  const [variant, setVariant] = useState<'A' | 'B'>('A');
  const { people, subjectB, texts } = props;
  const index = Math.min(props.index, Math.max(0, people.length - 1));
  const person = people[index] ?? null;
  const isB = variant === 'B' && subjectB !== '';
  const mail = useFilled({ ...texts, subject: isB ? subjectB : texts.subject }, person);
  return (
    <div className={classes.preview}>
      <div className={classes.line}>
        <ActionIcon
          variant="default"
          aria-label={t('campaigns.preview.previous')}
          disabled={index === 0}
          onClick={() => props.onIndex(index - 1)}
        >
          <IconChevronLeft size={15} />
        </ActionIcon>
        <ActionIcon
          variant="default"
          aria-label={t('campaigns.preview.next')}
          disabled={index >= people.length - 1}
          onClick={() => props.onIndex(index + 1)}
        >
          <IconChevronRight size={15} />
        </ActionIcon>
        <span className={person === null ? classes.nobody : classes.who} role="status">
          {person === null
            ? t('campaigns.preview.nobody')
            : t('campaigns.preview.at', {
                name: recordTitle(person),
                at: format.number(index + 1),
                of: format.number(people.length),
              })}
        </span>
        {person === null ? null : (
          <Button size="compact-xs" variant="subtle" onClick={() => props.onLeaveOut(person.id)}>
            {t('campaigns.preview.leaveOut')}
          </Button>
        )}
      </div>
      {subjectB === '' ? null : (
        <SegmentedControl
          size="xs"
          aria-label={t('campaigns.preview.variant')}
          value={variant}
          onChange={setVariant}
          data={[
            { value: 'A', label: t('campaigns.preview.subjectA') },
            { value: 'B', label: t('campaigns.preview.subjectB') },
          ]}
        />
      )}
      <article className={classes.letter} aria-label={t('campaigns.preview.title')} data-testid="mail-preview">
        <h3 className={classes.subject}>{mail.subject === '' ? t('campaigns.preview.noSubject') : mail.subject}</h3>
        <MailBody
          content={{
            html: texts.format === 'html' ? mail.html : null,
            text: mail.text,
            attachments: [],
            inline: [],
            isPartial: false,
            isBroken: false,
          }}
          mail={{ id: 0 }}
          label={t('campaigns.preview.title')}
        />
        {placesOf(texts.body).some(({ name }) => name === 'unsubscribe_link') ? null : (
          <p className={classes.footer}>
            {t('campaigns.mail.footer')} <u>{t('campaigns.mail.leave')}</u>
          </p>
        )}
      </article>
      {mail.missing.length === 0 || person === null ? null : (
        <p className={classes.notice}>
          {t('campaigns.preview.missing', {
            count: mail.missing.length,
            names: mail.missing.map((name) => `{${name}}`).join(', '),
          })}
        </p>
      )}
    </div>
  );
}

function useFilled(texts: MailTexts, person: LocalRecord | null) {
  const { t, i18n } = useTranslation();
  const [openedAt] = useState(() => new Date().toISOString());
  const userId = useAppSelector(({ device }) =>
    device.session?.status === 'signedIn' ? device.session.actor.userId : '',
  );
  const accountId = person?.kind === 'contact' ? textOf(person['accountId'] ?? '') : '';
  const company = useLive('record', accountId === '' ? null : { entity: 'account', id: accountId });
  const sender = useLive('record', userId === '' ? null : { entity: 'user', id: userId });
  const profile = sender.data?.record ?? null;
  const language = profile?.['locale'];
  const values = mailValuesOf(
    { person, company: accountId === '' ? null : (company.data?.record ?? null), sender: profile },
    {
      now: openedAt,
      timeZone: new Intl.DateTimeFormat().resolvedOptions().timeZone,
      locale: typeof language === 'string' && language !== '' ? language : i18n.language,
    },
  );
  return renderMail(texts, { ...values, unsubscribe_link: `https://${t('campaigns.preview.ownLink')}` });
}
