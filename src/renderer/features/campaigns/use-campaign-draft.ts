// The values of a campaign somebody writes. They are saved by themselves a moment after the last letter; what a rule refuses
// (a variable nobody fills in, a number out of its range) is said, and waits in this window until it is mended.
import { useDebouncedValue } from '@mantine/hooks';
import { useEffect, useRef, useState } from 'react';
import { useTypedForm } from '#renderer/blocks/typed-forms.ts';
import { useCommand } from '#renderer/blocks/use-command.tsx';
import type { LocalRecord } from '#renderer/data/data-contract.ts';
import { entities } from '#shared/entities/registry.ts';
import { isJsonEqual } from '#shared/kernel/json.ts';

export type Values = Readonly<Record<string, unknown>>;

const SAVE_AFTER_MS = 500;
const written = [
  'name',
  'templateId',
  'subject',
  'subjectB',
  'body',
  'format',
  'audience',
  'scheduledAt',
  'perHour',
  'bestTime',
  'trackOpens',
  'trackClicks',
  'testShare',
  'testBy',
  'testHours',
  'followsId',
  'followsWhen',
  'followsDays',
] as const;
export type DraftField = (typeof written)[number];

/** Texts a rule refused, by campaign: going to another screen and coming back leaves them as they were typed. */
const heldBack = new Map<string, Values>();

export interface CampaignDraft {
  readonly values: Values;
  readonly change: (next: Partial<Record<DraftField, unknown>>) => void;
  /** What is wrong, by field, as a code of `problems`. */
  readonly problems: ReadonlyMap<string, string>;
  readonly isSaved: boolean;
}

function valuesOf(record: LocalRecord): Values {
  return Object.fromEntries(written.map((field) => [field, record[field] ?? null]));
}

const isBlank = (value: unknown): boolean => typeof value !== 'string' || value.trim() === '';

function problemsOf(values: Values): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const { field, code } of entities.campaign.validate?.(values) ?? []) found.set(field, code);
  for (const field of ['perHour', 'testShare', 'testHours', 'followsDays'])
    if (values[field] !== null && !Number.isInteger(values[field])) found.set(field, 'wholeNumber');
  if (isBlank(values['name'])) found.set('name', 'required');
  if (values['testShare'] !== null && isBlank(values['subjectB'])) found.set('subjectB', 'required');
  return found;
}

/** Values that differ and may be saved. */
function toSave(values: Values, saved: Values, problems: ReadonlyMap<string, string>): Values {
  return Object.fromEntries(
    written
      .filter((field) => !problems.has(field) && !isJsonEqual(values[field], saved[field]))
      .map((field) => [field, values[field]]),
  );
}

export function useCampaignDraft(record: LocalRecord): CampaignDraft {
  const run = useCommand();
  const { id } = record;
  const [saved, setSaved] = useState<Values>(() => valuesOf(record));
  const [values, setValues] = useState<Values>(() => ({ ...valuesOf(record), ...heldBack.get(id) }));
  const problems = problemsOf(values);
  const [settled] = useDebouncedValue(values, SAVE_AFTER_MS);
  const latest = useRef({ values, saved });
  useEffect(() => {
    latest.current = { values, saved };
  });
  useTypedForm(!isJsonEqual(values, saved));

  useEffect(() => {
    const wanted = toSave(settled, latest.current.saved, problemsOf(settled));
    if (Object.keys(wanted).length === 0) return;
    setSaved((before) => ({ ...before, ...wanted }));
    void run('updateRecord', { entity: 'campaign', id, values: wanted }).then((outcome) => {
      // Refused: it is not saved, whatever was hoped.
      if (outcome === null)
        setSaved((before) => ({
          ...before,
          ...Object.fromEntries(Object.keys(wanted).map((field) => [field, undefined])),
        }));
    });
  }, [settled, id, run]);

  useEffect(
    () => () => {
      const { values: last, saved: known } = latest.current;
      const wrong = problemsOf(last);
      const rest = toSave(last, known, wrong);
      if (Object.keys(rest).length > 0) void run('updateRecord', { entity: 'campaign', id, values: rest });
      if (wrong.size === 0) heldBack.delete(id);
      else heldBack.set(id, Object.fromEntries([...wrong.keys()].map((field) => [field, last[field]])));
    },
    [id, run],
  );

  return {
    values,
    change: (next) => setValues((before) => ({ ...before, ...next })),
    problems,
    isSaved: isJsonEqual(values, saved),
  };
}
