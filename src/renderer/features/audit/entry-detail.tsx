// One entry with everything the server says of it: what changed, from where, and the way to the rest of its record, its person
// and its session. Whoever looked at it says so here.
import { ActionIcon, Alert, Button, Group, Textarea } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '#renderer/app/format/format.ts';
import { RecordName } from '#renderer/blocks/record-name.tsx';
import { useErrorText } from '#renderer/blocks/use-error-text.ts';
import { getBridge, invokeMain } from '#renderer/data/bridge.ts';
import { ActorName, ChangeTable, Marks } from '#renderer/features/audit/entry-parts.tsx';
import { useAuditWords } from '#renderer/features/audit/use-audit-words.ts';
import { entityOf } from '#shared/entities/registry.ts';
import type { AuditLine } from '#shared/sync/audit-messages.ts';
import classes from './audit.module.css';

interface EntryDetailProps {
  readonly line: AuditLine;
  /** Names of policies by id. */
  readonly policies: ReadonlyMap<string, string>;
  readonly onReviewed: (line: AuditLine) => void;
  readonly onClose: () => void;
  /** Shows all entries with these filters. */
  readonly onShow: (filters: Readonly<Record<string, string>>) => void;
}

export function EntryDetail({ line, policies, onReviewed, onClose, onShow }: EntryDetailProps) {
  const { t } = useTranslation();
  return (
    <aside className={classes.detail} aria-label={t('audit.entries.entry', { no: line.no })} data-testid="audit-entry">
      <div className={classes.detailHead}>
        <h2>{t('audit.entries.entry', { no: line.no })}</h2>
        <ActionIcon variant="subtle" aria-label={t('audit.entries.close')} onClick={onClose}>
          <IconX size={16} />
        </ActionIcon>
      </div>
      <Marks line={line} />
      <Facts line={line} />
      <Group gap="xs">
        <Button
          size="xs"
          variant="default"
          onClick={() => onShow({ entity: line.entity, id: line.id, view: 'timeline' })}
        >
          {t('audit.entries.history')}
        </Button>
        {line.actor === null ? null : (
          <Button size="xs" variant="default" onClick={() => onShow({ actor: line.actor ?? '', view: 'timeline' })}>
            {t('audit.entries.activity')}
          </Button>
        )}
        {line.session === null ? null : (
          <Button size="xs" variant="default" onClick={() => onShow({ session: line.session ?? '' })}>
            {t('audit.entries.session')}
          </Button>
        )}
      </Group>
      <h3>{t('audit.entries.diff')}</h3>
      <ChangeTable line={line} />
      <ReviewForm key={line.no} line={line} policies={policies} onReviewed={onReviewed} />
    </aside>
  );
}

function Facts({ line }: { readonly line: AuditLine }) {
  const { t } = useTranslation();
  const format = useFormat();
  const words = useAuditWords();
  const { detail } = line;
  const about = entityOf(line.entity);
  const facts: readonly (readonly [string, string | null | undefined])[] = [
    ['at', format.instant(line.at)],
    ['actorEmail', line.actorEmail],
    ['what', words.command(line.command)],
    ['action', line.action === null ? null : t(`audit.actions.${line.action}`)],
    ['entity', words.entity(line.entity)],
    ['name', words.title(line)],
    ['entityId', line.id],
    ['outcome', words.outcome(line.outcome)],
    ['error', detail?.['error']],
    ['address', detail?.['address']],
    ['userAgent', detail?.['userAgent']],
    ['device', detail?.['deviceName'] ?? line.device],
    ['session', line.session],
  ];
  return (
    <dl className={classes.facts}>
      <dt>{t('audit.columns.actor')}</dt>
      <dd>
        <ActorName line={line} />
      </dd>
      {facts.map(([key, value]) =>
        value === null || value === undefined || value === '' ? null : (
          <div key={key} style={{ display: 'contents' }}>
            <dt>{t(`audit.columns.${key}`)}</dt>
            <dd>{value}</dd>
          </div>
        ),
      )}
      {line.name === null && about !== undefined && !line.isWithheld ? (
        <>
          <dt>{t('audit.columns.name')}</dt>
          <dd>
            <RecordName entity={about.name} id={line.id} />
          </dd>
        </>
      ) : null}
    </dl>
  );
}

function ReviewForm({ line, policies, onReviewed }: Pick<EntryDetailProps, 'line' | 'policies' | 'onReviewed'>) {
  const { t } = useTranslation();
  const format = useFormat();
  const errorText = useErrorText();
  const [note, setNote] = useState('');
  const [error, setError] = useState<string | null>(null);
  const { review } = line;

  async function mark(): Promise<void> {
    try {
      onReviewed(await invokeMain(getBridge(), 'audit.review', { no: line.no, note }));
      setNote('');
      setError(null);
    } catch (failure) {
      setError(errorText(failure));
    }
  }

  const asked = (review?.policies ?? []).map((id) => policies.get(id) ?? id).join(', ');
  return (
    <section aria-label={t('audit.review.title')}>
      <h3>{t('audit.review.title')}</h3>
      {asked === '' ? null : <p className={classes.lead}>{t('audit.review.asked', { policies: asked })}</p>}
      {review === null || review.reviewedAt === null ? null : (
        <p data-testid="audit-reviewed">
          <ReviewedBy id={review.reviewedBy} at={format.instant(review.reviewedAt)} />
          {review.note === null || review.note === '' ? null : (
            <>
              <br />
              {review.note}
            </>
          )}
        </p>
      )}
      {error === null ? null : (
        <Alert color="yellow" mb="xs" role="alert">
          {error}
        </Alert>
      )}
      <Textarea
        size="xs"
        label={t('audit.review.note')}
        placeholder={t('audit.review.noteHint')}
        autosize
        minRows={2}
        maxLength={1000}
        value={note}
        onChange={(event) => setNote(event.currentTarget.value)}
      />
      <Button size="xs" mt="xs" onClick={() => void mark()}>
        {t(review === null || review.reviewedAt === null ? 'audit.review.mark' : 'audit.review.again')}
      </Button>
    </section>
  );
}

function ReviewedBy(props: { readonly id: string | null; readonly at: string }) {
  const { t } = useTranslation();
  const [before = '', after = ''] = t('audit.review.by', { name: '\u0000', at: props.at }).split('\u0000');
  return (
    <>
      {before}
      {props.id === null ? t('audit.operator') : <RecordName entity="user" id={props.id} />}
      {after}
    </>
  );
}
