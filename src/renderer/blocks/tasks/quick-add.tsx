import { CloseButton, TextInput } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '#renderer/app/format/format.ts';
import { useNames } from '#renderer/app/i18n/use-names.ts';
import { useKeptText } from '#renderer/blocks/kept-text.ts';
import { instantAt } from '#renderer/blocks/tasks/timing-fields.tsx';
import { useDuration } from '#renderer/blocks/tasks/use-duration.ts';
import { useCan } from '#renderer/blocks/use-can.ts';
import { useCommand } from '#renderer/blocks/use-command.tsx';
import { useFieldModes } from '#renderer/blocks/use-field-modes.ts';
import { entities } from '#shared/entities/registry.ts';
import { readQuickAdd, type QuickAdd, type QuickAddPart } from '#shared/entities/task/quick-add.ts';
import { toLocalDay } from '#shared/kernel/local-day.ts';
import classes from './quick-add.module.css';

const nothing: ReadonlySet<QuickAddPart> = new Set();

/** The field each part is written to: who may not edit it types plain words. */
const fieldOf: Readonly<Record<QuickAddPart, string>> = {
  priority: 'priority',
  estimate: 'estimateMinutes',
  repeat: 'recurrence',
  day: 'dueDate',
  time: 'dueAt',
};

/** A task in one line; what is understood of it stands beside it while it is typed, and can be taken as plain words instead. */
export function QuickAddTask() {
  const { t, i18n } = useTranslation();
  const run = useCommand();
  const can = useCan();
  const fieldModes = useFieldModes();
  const [text, setText] = useKeptText('quick task');
  /** Today and tomorrow are those of the moment it was typed. */
  const [now, setNow] = useState(() => new Date());
  const [literal, setLiteral] = useState(nothing);
  if (!can('create', entities.task)) return null;

  const locked = (Object.keys(fieldOf) as QuickAddPart[]).filter(
    (part) => fieldModes.modeOf(entities.task, fieldOf[part]) !== 'edit',
  );
  const read = readQuickAdd(text, {
    today: toLocalDay(now),
    nowMinutes: now.getHours() * 60 + now.getMinutes(),
    language: i18n.language === 'de' ? 'de' : 'en',
    timeZone: new Intl.DateTimeFormat().resolvedOptions().timeZone,
    literal: new Set([...literal, ...locked]),
  });

  async function add(): Promise<void> {
    if (read.subject === '') return;
    const { subject, dueDate, minutes, priority, estimateMinutes, recurrence } = read;
    const values = {
      subject,
      dueDate,
      dueAt: dueDate === null || minutes === null ? null : instantAt(dueDate, minutes),
      priority,
      estimateMinutes,
      recurrence,
    };
    const given = Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null));
    const done = await run(
      'createRecord',
      { entity: 'task', values: given },
      { done: t('task.quick.done', { name: subject }) },
    );
    if (done === null) return;
    setText('');
    setLiteral(nothing);
  }

  return (
    <form
      className={classes.row}
      data-testid="quick-add"
      onSubmit={(event) => {
        event.preventDefault();
        void add();
      }}
    >
      <TextInput
        className={classes.input ?? ''}
        size="sm"
        variant="unstyled"
        maxLength={300}
        leftSection={<IconPlus size={15} />}
        aria-label={t('task.quick.label')}
        placeholder={t('task.quick.placeholder')}
        value={text}
        onChange={(event) => {
          setText(event.currentTarget.value);
          setNow(new Date());
          if (event.currentTarget.value === '') setLiteral(nothing);
        }}
      />
      <Understood read={read} onLiteral={(part) => setLiteral((before) => new Set([...before, part]))} />
      {read.subject === '' ? null : <kbd className={classes.hint}>{t('task.quick.enter')}</kbd>}
    </form>
  );
}

function Understood(props: { readonly read: QuickAdd; readonly onLiteral: (part: QuickAddPart) => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const names = useNames();
  const duration = useDuration();
  const { dueDate, minutes, priority, estimateMinutes, recurrence, understood } = props.read;
  const time = dueDate === null || minutes === null ? '' : format.time(instantAt(dueDate, minutes));
  const day = dueDate === null ? '' : format.nearDay(dueDate);
  const said: Readonly<Record<QuickAddPart, string>> = {
    priority: priority === null ? '' : names.option(entities.task, 'priority', priority),
    estimate: estimateMinutes === null ? '' : duration(estimateMinutes),
    repeat:
      recurrence === null
        ? ''
        : [
            recurrence.interval === 1
              ? t(`task.repeat.units.${recurrence.unit}`)
              : t('task.quick.every', {
                  count: recurrence.interval,
                  unit: t(`task.repeat.counted.${recurrence.unit}`, { count: recurrence.interval }),
                }),
            understood.includes('day') ? '' : t('task.quick.from', { day }),
          ]
            .filter(Boolean)
            .join(', '),
    day,
    time: understood.includes('day') || recurrence !== null ? time : [day, time].join(', '),
  };
  return (
    <ul className={classes.understood} aria-label={t('task.quick.understood')} aria-live="polite">
      {understood.map((part) => (
        <li key={part} className={classes.part} data-part={part}>
          {said[part]}
          <CloseButton
            size={16}
            iconSize={11}
            aria-label={t('task.quick.literal', { part: said[part] })}
            title={t('task.quick.literal', { part: said[part] })}
            onClick={() => props.onLiteral(part)}
          />
        </li>
      ))}
    </ul>
  );
}
