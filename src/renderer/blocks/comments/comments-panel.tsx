// What people say about a record. A comment is a command like any other: it is safe on this computer before the field is emptied.
import { Button } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '#renderer/app/format/format.ts';
import { useAppSelector } from '#renderer/app/store/store.ts';
import { CommentInput, mentionsIn, type Mentionable } from '#renderer/blocks/comments/comment-input.tsx';
import { PendingMark } from '#renderer/blocks/pending-mark.tsx';
import { PersonInitials } from '#renderer/blocks/person-initials.tsx';
import { useCan } from '#renderer/blocks/use-can.ts';
import { useCommand } from '#renderer/blocks/use-command.tsx';
import type { LocalRecord } from '#renderer/data/data-contract.ts';
import { useLive } from '#renderer/data/use-data.ts';
import { Panel } from '#renderer/ui/panel.tsx';
import { commentParentFieldOf } from '#shared/entities/comment/comment.ts';
import type { EntityDefinition, EntityName } from '#shared/entities/define-entity.ts';
import { entities } from '#shared/entities/registry.ts';
import { textOf } from '#shared/kernel/text-of.ts';
import classes from './comments.module.css';

const FIRST_SHOWN = 30;

export function CommentsPanel(props: { readonly definition: EntityDefinition; readonly record: LocalRecord }) {
  const { t } = useTranslation();
  const run = useCommand();
  const field = commentParentFieldOf(props.definition.name);
  const [limit, setLimit] = useState(FIRST_SHOWN);
  const { data } = useLive(
    'list',
    field === undefined
      ? null
      : {
          entity: 'comment',
          filter: { field, op: 'eq', value: props.record.id },
          sort: [{ field: 'createdAt', direction: 'desc' }],
          offset: 0,
          limit,
        },
  );
  const mayWrite = useAppSelector(
    ({ device }) =>
      device.viewAs === null &&
      device.session?.status === 'signedIn' &&
      device.session.actor.permissions.includes('record.update'),
  );
  if (field === undefined || data === undefined || (data.total === 0 && !mayWrite)) return null;
  const rows = data.rows.toReversed();
  const about = { entity: props.definition.name, id: props.record.id };
  return (
    <Panel title={t('comments.title', { count: data.total })} isFlush>
      <div data-testid="comments">
        {data.total > rows.length ? (
          <Button variant="subtle" size="compact-xs" m={8} onClick={() => setLimit(Math.min(1000, limit + 100))}>
            {t('comments.earlier', { count: data.total - rows.length })}
          </Button>
        ) : null}
        <ul className={classes.list}>
          {rows.map((row) => (
            <CommentRow key={row.id} about={about} comment={row} author={data.labels[row.ownerId ?? ''] ?? ''} />
          ))}
        </ul>
        {mayWrite ? (
          <div className={classes.write}>
            <CommentInput
              about={about}
              label={t('comments.write')}
              action={t('comments.send')}
              onSend={async (body, people) =>
                (await run('addComment', {
                  entity: props.definition.name,
                  recordId: props.record.id,
                  body,
                  mentionedIds: mentionsIn(body, people),
                })) !== null
              }
            />
          </div>
        ) : null}
      </div>
    </Panel>
  );
}

function CommentRow(props: {
  readonly about: { readonly entity: EntityName; readonly id: string };
  readonly comment: LocalRecord;
  readonly author: string;
}) {
  const { t } = useTranslation();
  const format = useFormat();
  const run = useCommand();
  const can = useCan();
  const { comment, author } = props;
  const [isEditing, setEditing] = useState(false);
  const body = textOf(comment['body']);
  const input = { entity: 'comment', id: comment.id };
  const isEdited = (comment['editedAt'] ?? null) !== null;
  return (
    <li className={classes.comment}>
      <PersonInitials userId={comment.ownerId ?? ''} name={author} size={24} isDecorative />
      <div className={classes.content}>
        <div className={classes.head}>
          <strong>{author}</strong>
          <span className="op-muted">{format.ago(comment.createdAt)}</span>
          {isEdited ? <span className="op-muted">{t('comments.edited')}</span> : null}
          <PendingMark pending={comment.pending} />
          <span className={classes.actions}>
            {can('update', entities.comment, comment) ? (
              <Button variant="subtle" size="compact-xs" onClick={() => setEditing(true)}>
                {t('comments.edit')}
              </Button>
            ) : null}
            {can('delete', entities.comment, comment) ? (
              <Button
                variant="subtle"
                size="compact-xs"
                onClick={() =>
                  void run('deleteRecord', input, {
                    done: t('comments.deleted'),
                    undo: { command: 'restoreRecord', input, entity: 'comment', ids: [comment.id], left: null },
                  })
                }
              >
                {t('common.delete')}
              </Button>
            ) : null}
          </span>
        </div>
        {isEditing ? (
          <CommentInput
            about={props.about}
            label={t('comments.edit')}
            action={t('common.save')}
            start={body}
            onCancel={() => setEditing(false)}
            onSend={async (text, people: readonly Mentionable[]) => {
              const isSaved =
                (await run('editComment', { id: comment.id, body: text, mentionedIds: mentionsIn(text, people) })) !==
                null;
              if (isSaved) setEditing(false);
              return isSaved;
            }}
          />
        ) : (
          <p className={classes.body} data-selectable>
            {body}
          </p>
        )}
      </div>
    </li>
  );
}
