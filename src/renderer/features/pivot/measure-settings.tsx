import { Button, Group, NumberInput, Select, Stack, Textarea, TextInput } from '@mantine/core';
import { useRef, useState } from 'react';
import { flushSync } from 'react-dom';
import { useTranslation } from 'react-i18next';
import {
  checkFormula,
  formulaInIds,
  formulaInNames,
  inBrackets,
  type WrongFormula,
} from '#shared/analytics/formula-text.ts';
import { changeMeasure } from '#shared/analytics/edit-spec.ts';
import { ItemActions } from '#renderer/features/pivot/item-actions.tsx';
import { scaleOf } from '#renderer/blocks/measure-kind.ts';
import { kindOfMeasure } from '#shared/analytics/measure-kind.ts';
import { cellPaints, type PaintLimits, type PivotLook } from '#shared/analytics/pivot-look.ts';
import type { PivotNames } from '#shared/analytics/pivot-names.ts';
import { isDated, isMeasured, pivotFieldAt } from '#shared/analytics/pivot-fields.ts';
import {
  aggregations,
  displays,
  type Aggregation,
  type FieldMeasure,
  type FormulaMeasure,
  type PivotMeasure,
  type PivotSpec,
} from '#shared/analytics/pivot-spec.ts';

const forNumbers: readonly Aggregation[] = aggregations;
const forDates: readonly Aggregation[] = ['count', 'distinct', 'min', 'max'];
const forOthers: readonly Aggregation[] = ['count', 'distinct'];

interface SettingsProps {
  readonly spec: PivotSpec;
  readonly index: number;
  readonly look: PivotLook;
  readonly currency: string;
  readonly names: PivotNames;
  readonly onChange: (spec: PivotSpec) => void;
  readonly onLook: (look: PivotLook) => void;
}

/** How one value is worked out, shown and coloured. */
export function MeasureSettings(props: SettingsProps) {
  const { t } = useTranslation();
  const { spec, index, names, look } = props;
  const measure = spec.values[index];
  if (measure === undefined) return null;
  const change = (next: PivotMeasure): void => props.onChange(changeMeasure(spec, index, next));
  return (
    <Stack gap={8}>
      {measure.kind === 'field' ? (
        <FieldPart spec={spec} measure={measure} onChange={change} />
      ) : (
        <FormulaPart spec={spec} measure={measure} names={names} onChange={change} />
      )}
      <Select
        size="xs"
        label={t('analytics.pivot.showAs')}
        data={displays.map((value) => ({ value, label: t(`analytics.pivot.display.${value}`) }))}
        value={measure.display ?? 'value'}
        allowDeselect={false}
        comboboxProps={{ withinPortal: false }}
        onChange={(value) => {
          const display = displays.find((known) => known === value) ?? 'value';
          change({ ...measure, display });
        }}
      />
      <Select
        size="xs"
        label={t('analytics.pivot.paint')}
        data={cellPaints.map((value) => ({ value, label: t(`analytics.pivot.paints.${value}`) }))}
        value={look.paints[measure.id] ?? 'none'}
        allowDeselect={false}
        comboboxProps={{ withinPortal: false }}
        onChange={(value) => {
          const paint = cellPaints.find((known) => known === value) ?? 'none';
          props.onLook({ ...look, paints: { ...look.paints, [measure.id]: paint } });
        }}
      />
      {look.paints[measure.id] === 'limits' ? (
        <LimitsPart
          limits={look.limits[measure.id] ?? { good: null, bad: null }}
          scale={scaleOf(kindOfMeasure(spec, measure), props.currency)}
          onChange={(limits) => props.onLook({ ...look, limits: { ...look.limits, [measure.id]: limits } })}
        />
      ) : null}
      <TextInput
        size="xs"
        label={t('analytics.pivot.label')}
        maxLength={120}
        placeholder={names.measure(spec, { ...measure, label: '' })}
        value={measure.label ?? ''}
        onChange={(event) => change({ ...measure, label: event.currentTarget.value })}
      />
      <ItemActions spec={spec} place={{ zone: 'values', index }} onChange={props.onChange} />
    </Stack>
  );
}

function FieldPart(props: {
  readonly spec: PivotSpec;
  readonly measure: FieldMeasure;
  readonly onChange: (measure: PivotMeasure) => void;
}) {
  const { t } = useTranslation();
  const { measure, spec } = props;
  const field = measure.field === undefined ? null : pivotFieldAt(spec.source, measure.field);
  if (field === null) return null;
  const choices = isMeasured(field) ? forNumbers : isDated(field) ? forDates : forOthers;
  return (
    <Select
      size="xs"
      label={t('analytics.pivot.aggregation')}
      data={choices.map((value) => ({ value, label: t(`analytics.pivot.aggregations.${value}`) }))}
      value={measure.aggregation}
      allowDeselect={false}
      comboboxProps={{ withinPortal: false }}
      onChange={(value) => {
        const aggregation = choices.find((known) => known === value);
        if (aggregation === undefined) return;
        const isOrdered = aggregation === 'first' || aggregation === 'last';
        const { orderBy: _, ...rest } = measure;
        props.onChange({ ...rest, aggregation, ...(isOrdered ? { orderBy: 'createdAt' } : {}) });
      }}
    />
  );
}

function FormulaPart(props: {
  readonly spec: PivotSpec;
  readonly measure: FormulaMeasure;
  readonly names: PivotNames;
  readonly onChange: (measure: PivotMeasure) => void;
}) {
  const { t } = useTranslation();
  const { measure, spec } = props;
  const called = props.names.inFormulas(spec);
  const [text, setText] = useState(() => formulaInNames(measure.formula, called));
  const [wrong, setWrong] = useState<WrongFormula | null>(null);
  const field = useRef<HTMLTextAreaElement>(null);

  function keep(typed: string): void {
    if (typed.trim() === '') return;
    const found = checkFormula(typed, called, spec.values, measure.id);
    setWrong(found);
    const formula = formulaInIds(typed.trim(), called);
    if (found === null && formula !== measure.formula) props.onChange({ ...measure, formula });
  }

  /** Where the cursor stands, or in place of what is chosen. */
  function insert(words: string): void {
    const { selectionStart = text.length, selectionEnd = text.length } = field.current ?? {};
    const at = selectionStart + words.length;
    // Typing goes on behind it at once.
    flushSync(() => {
      setText(`${text.slice(0, selectionStart)}${words}${text.slice(selectionEnd)}`);
      setWrong(null);
    });
    field.current?.focus();
    field.current?.setSelectionRange(at, at);
  }

  return (
    <>
      <Textarea
        ref={field}
        size="xs"
        label={t('analytics.pivot.formula')}
        description={t('analytics.pivot.formulaHint')}
        error={
          wrong === null
            ? null
            : t('analytics.pivot.formulaProblem', {
                position: wrong.position,
                problem: t(`formulaProblems.${wrong.problem}`, { found: wrong.found }),
              })
        }
        autosize
        minRows={2}
        maxLength={500}
        value={text}
        onChange={(event) => {
          setText(event.currentTarget.value);
          setWrong(null);
        }}
        onBlur={() => keep(text)}
        onKeyDown={(event) => {
          if (event.key !== 'Enter' || event.shiftKey) return;
          event.preventDefault();
          keep(text);
        }}
      />
      <Group gap={4} role="group" aria-label={t('analytics.pivot.formulaValues')}>
        {spec.values
          .filter(({ id }) => id !== measure.id)
          .map(({ id }) => (
            <Button
              key={id}
              size="compact-xs"
              variant="default"
              onMouseDown={(event) => event.preventDefault()}
              onClick={() => insert(inBrackets(called, id))}
            >
              {inBrackets(called, id).slice(1, -1)}
            </Button>
          ))}
      </Group>
      <Select
        size="xs"
        label={t('analytics.pivot.format')}
        data={(['number', 'percent', 'money'] as const).map((value) => ({
          value,
          label: t(`analytics.pivot.formats.${value}`),
        }))}
        value={measure.format ?? 'number'}
        allowDeselect={false}
        comboboxProps={{ withinPortal: false }}
        onChange={(value) =>
          props.onChange({
            ...measure,
            format: value === 'percent' ? 'percent' : value === 'money' ? 'money' : 'number',
          })
        }
      />
    </>
  );
}

function LimitsPart(props: {
  readonly limits: PaintLimits;
  readonly scale: number;
  readonly onChange: (limits: PaintLimits) => void;
}) {
  const { t } = useTranslation();
  return (['good', 'bad'] as const).map((side) => {
    const limit = props.limits[side];
    return (
      <NumberInput
        key={side}
        size="xs"
        label={t(`analytics.pivot.limits.${side}`)}
        value={limit === null ? '' : limit / props.scale}
        onChange={(value) =>
          props.onChange({ ...props.limits, [side]: value === '' ? null : Number(value) * props.scale })
        }
      />
    );
  });
}
