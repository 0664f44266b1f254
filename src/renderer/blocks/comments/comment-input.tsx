import { Button, Group, Textarea, UnstyledButton } from '@mantine/core';
import { IconEyeOff } from '@tabler/icons-react';
import { useRef, useState, type KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { useKeptText } from '#renderer/blocks/kept-text.ts';
import { useTypedForm } from '#renderer/blocks/typed-forms.ts';
import { useUnseen } from '#renderer/blocks/comments/use-unseen.ts';
import { useLive } from '#renderer/data/use-data.ts';
import type { EntityName } from '#shared/entities/define-entity.ts';
import { textOf } from '#shared/kernel/text-of.ts';
import classes from './comments.module.css';

export interface Mentionable {
  readonly id: string;
  readonly name: string;
}

const SHOWN = 6;
/** What is being typed after an @ that begins a word. */
const MENTION = /(?:^|\s)@([\p{L}\p{N}.'-]*(?: [\p{L}\p{N}.'-]*){0,2})$/u;

/** People whose names stand in a text after an @. */
export function mentionsIn(text: string, people: readonly Mentionable[]): readonly string[] {
  return people.filter(({ name }) => name !== '' && text.includes(`@${name}`)).map(({ id }) => id);
}

/** A field for a comment: @ calls people by name, Ctrl+Enter sends. */
export function CommentInput(props: {
  /** What the comment is about: people named in it who do not see it are told to the writer. */
  readonly about: { readonly entity: EntityName; readonly id: string } | null;
  readonly label: string;
  readonly action: string;
  readonly start?: string;
  readonly onCancel?: () => void;
  readonly onSend: (body: string, people: readonly Mentionable[]) => Promise<boolean>;
}) {
  const { t } = useTranslation();
  // A comment that is changed has its place while it is open; a new one waits at its record.
  const [text, setText] = useKeptText(
    props.start === undefined && props.about !== null ? `comment ${props.about.entity} ${props.about.id}` : null,
    props.start,
  );
  const [caret, setCaret] = useState(0);
  const [place, setPlace] = useState(0);
  const [isClosed, setClosed] = useState(false);
  const area = useRef<HTMLTextAreaElement>(null);
  useTypedForm(props.start !== undefined && text !== props.start);
  const { data } = useLive('list', {
    entity: 'user',
    filter: { field: 'isActive', op: 'ne', value: false },
    sort: [{ field: 'name', direction: 'asc' }],
    offset: 0,
    limit: 1000,
  });
  const people = (data?.rows ?? []).map((row) => ({ id: row.id, name: textOf(row['name']) }));
  const mentioned = mentionsIn(text, people);
  const unseen = useUnseen(props.about, mentioned);
  const typed = MENTION.exec(text.slice(0, caret))?.[1];
  const wanted = typed?.toLocaleLowerCase();
  const offered =
    wanted === undefined || isClosed
      ? []
      : people.filter(({ name }) => name.toLocaleLowerCase().includes(wanted) && name !== typed).slice(0, SHOWN);
  const chosen = offered[Math.min(place, offered.length - 1)];

  function insert(person: Mentionable): void {
    const start = caret - (typed?.length ?? 0);
    const next = `${text.slice(0, start)}${person.name} ${text.slice(caret)}`;
    setText(next);
    const at = start + person.name.length + 1;
    setCaret(at);
    requestAnimationFrame(() => {
      area.current?.focus();
      area.current?.setSelectionRange(at, at);
    });
  }

  async function send(): Promise<void> {
    const body = text.trim();
    if (body !== '' && (await props.onSend(body, people)) && props.start === undefined) setText('');
  }

  function onKeyDown(event: KeyboardEvent): void {
    if (
      chosen !== undefined &&
      ['ArrowDown', 'ArrowUp', 'Enter', 'Tab', 'Escape'].includes(event.key) &&
      !event.ctrlKey
    ) {
      event.preventDefault();
      event.stopPropagation();
      if (event.key === 'Escape') setClosed(true);
      else if (event.key === 'Enter' || event.key === 'Tab') insert(chosen);
      else setPlace((before) => (before + (event.key === 'ArrowDown' ? 1 : offered.length - 1)) % offered.length);
      return;
    }
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      void send();
    }
  }

  return (
    <div className={classes.input}>
      <Textarea
        ref={area}
        autosize
        minRows={1}
        maxRows={10}
        maxLength={10_000}
        aria-label={props.label}
        placeholder={t('comments.placeholder')}
        aria-expanded={offered.length > 0}
        role="combobox"
        aria-controls="comment-people"
        aria-activedescendant={chosen === undefined ? undefined : `mention-${chosen.id}`}
        value={text}
        onChange={(event) => {
          setText(event.currentTarget.value);
          setCaret(event.currentTarget.selectionStart);
          setPlace(0);
          setClosed(false);
        }}
        onSelect={(event) => setCaret(event.currentTarget.selectionStart)}
        onKeyDown={onKeyDown}
      />
      {offered.length === 0 ? null : (
        <div className={classes.people} role="listbox" id="comment-people" aria-label={t('comments.people')}>
          {offered.map((person) => (
            <UnstyledButton
              key={person.id}
              id={`mention-${person.id}`}
              role="option"
              tabIndex={-1}
              aria-selected={person === chosen}
              className={classes.person ?? ''}
              onMouseDown={(event) => {
                event.preventDefault();
                insert(person);
              }}
            >
              {person.name}
            </UnstyledButton>
          ))}
        </div>
      )}
      {people
        .filter(({ id }) => unseen[id] !== undefined)
        .map(({ id, name }) => (
          <p key={id} className={classes.unseen} role="status" data-sight={unseen[id]}>
            <IconEyeOff size={14} />
            {t(unseen[id] === 'no' ? 'comments.unseen' : 'comments.perhapsUnseen', { name })}
          </p>
        ))}
      {text.trim() === '' && props.start === undefined ? null : (
        <Group justify="flex-end" gap="xs" mt={6}>
          {props.onCancel === undefined ? null : (
            <Button size="compact-sm" variant="default" onClick={props.onCancel}>
              {t('common.cancel')}
            </Button>
          )}
          <Button size="compact-sm" disabled={text.trim() === ''} onClick={() => void send()}>
            {props.action}
          </Button>
        </Group>
      )}
    </div>
  );
}
