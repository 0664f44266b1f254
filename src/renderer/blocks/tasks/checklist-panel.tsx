import { ActionIcon, Checkbox, Progress, TextInput } from '@mantine/core';
import { IconPlus, IconX } from '@tabler/icons-react';
import { useRef, useState, type KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { useKeptText } from '#renderer/blocks/kept-text.ts';
import { useCan } from '#renderer/blocks/use-can.ts';
import { useCommand } from '#renderer/blocks/use-command.tsx';
import { useTypedForm } from '#renderer/blocks/typed-forms.ts';
import type { LocalRecord } from '#renderer/data/data-contract.ts';
import { Panel } from '#renderer/ui/panel.tsx';
import { entities } from '#shared/entities/registry.ts';
import { checklistOf, MOST_ITEMS, type ChecklistItem } from '#shared/entities/task/checklist.ts';
import classes from './tasks.module.css';

/** Steps of a task: Enter adds the next one, Alt and arrows move one. */
export function ChecklistPanel(props: { readonly task: LocalRecord }) {
  const { t } = useTranslation();
  const run = useCommand();
  const { task } = props;
  const canUpdate = useCan()('update', entities.task, task);
  const [typed, setTyped] = useKeptText(`step ${task.id}`);
  const list = useRef<HTMLUListElement>(null);
  const items = checklistOf(task['checklist']);
  const done = items.filter((item) => item.isDone).length;
  if (items.length === 0 && !canUpdate) return null;

  async function save(next: readonly ChecklistItem[]): Promise<boolean> {
    const outcome = await run('updateRecord', {
      entity: 'task',
      id: task.id,
      values: { checklist: next.length === 0 ? null : next },
      base: { checklist: task['checklist'] ?? null },
    });
    return outcome !== null;
  }

  async function add(): Promise<void> {
    const text = typed.trim();
    if (text === '') return;
    if (await save([...items, { id: crypto.randomUUID(), text, isDone: false }])) setTyped('');
  }

  function move(item: ChecklistItem, event: KeyboardEvent): void {
    if (!event.altKey || (event.key !== 'ArrowUp' && event.key !== 'ArrowDown')) return;
    event.preventDefault();
    const from = items.indexOf(item);
    const to = from + (event.key === 'ArrowUp' ? -1 : 1);
    if (to < 0 || to >= items.length) return;
    void save(items.filter((other) => other !== item).toSpliced(to, 0, item));
  }

  return (
    <Panel
      title={items.length === 0 ? t('task.checklist.title') : t('task.checklist.count', { done, all: items.length })}
      isFlush
    >
      {items.length === 0 ? null : (
        <Progress value={(100 * done) / items.length} size={3} radius={0} aria-label={t('task.checklist.title')} />
      )}
      <ul className={classes.list} ref={list} data-testid="checklist">
        {items.map((item) => (
          <li key={item.id} className={classes.step} data-done={item.isDone}>
            <Checkbox
              size="xs"
              checked={item.isDone}
              disabled={!canUpdate}
              aria-label={item.text}
              onChange={() =>
                void save(items.map((other) => (other === item ? { ...item, isDone: !item.isDone } : other)))
              }
              onKeyDown={(event) => move(item, event)}
            />
            <StepText
              key={item.text}
              item={item}
              isLocked={!canUpdate}
              onText={(text) =>
                void save(
                  text === ''
                    ? items.filter((other) => other !== item)
                    : items.map((other) => (other === item ? { ...item, text } : other)),
                )
              }
            />
            {canUpdate ? (
              <ActionIcon
                className={classes.quiet ?? ''}
                variant="subtle"
                size="sm"
                aria-label={t('task.checklist.remove', { name: item.text })}
                onClick={() => void save(items.filter((other) => other !== item))}
              >
                <IconX size={13} />
              </ActionIcon>
            ) : null}
          </li>
        ))}
      </ul>
      {canUpdate && items.length < MOST_ITEMS ? (
        <div className={classes.add}>
          <TextInput
            size="xs"
            variant="unstyled"
            leftSection={<IconPlus size={13} />}
            maxLength={500}
            placeholder={t('task.checklist.add')}
            aria-label={t('task.checklist.add')}
            value={typed}
            onChange={(event) => setTyped(event.currentTarget.value)}
            onBlur={() => void add()}
            onKeyDown={(event) => {
              if (event.key === 'Enter') void add();
              if (event.key === 'Escape') setTyped('');
            }}
          />
        </div>
      ) : null}
    </Panel>
  );
}

function StepText(props: {
  readonly item: ChecklistItem;
  readonly isLocked: boolean;
  readonly onText: (text: string) => void;
}) {
  const { t } = useTranslation();
  const [text, setText] = useState(props.item.text);
  const isChanged = text.trim() !== props.item.text;
  useTypedForm(isChanged);
  if (props.isLocked) return <span className={classes.stepText}>{props.item.text}</span>;
  return (
    <TextInput
      className={classes.stepText ?? ''}
      size="xs"
      variant="unstyled"
      maxLength={500}
      aria-label={t('task.checklist.edit', { name: props.item.text })}
      value={text}
      onChange={(event) => setText(event.currentTarget.value)}
      onBlur={() => {
        if (isChanged) props.onText(text.trim());
      }}
      onKeyDown={(event) => {
        if (event.key === 'Enter') event.currentTarget.blur();
        if (event.key === 'Escape') setText(props.item.text);
      }}
    />
  );
}
