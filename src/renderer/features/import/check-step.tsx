import { Alert, Button, Checkbox, Group, Loader, Select, TextInput } from '@mantine/core';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useDefinitions } from '#renderer/app/store/definitions.ts';
import { useAppSelector } from '#renderer/app/store/store.ts';
import { useFormat } from '#renderer/app/format/format.ts';
import { useNames } from '#renderer/app/i18n/use-names.ts';
import { useErrorText } from '#renderer/blocks/use-error-text.ts';
import { useStageLabels } from '#renderer/blocks/use-pipelines.ts';
import type { ImportPreview } from '#renderer/data/data-contract.ts';
import { useRequest } from '#renderer/data/use-data.ts';
import { Counts } from '#renderer/features/import/counts.tsx';
import type { ReadFile } from '#renderer/features/import/read-table-file.ts';
import { RowErrors } from '#renderer/features/import/row-errors.tsx';
import { SampleRows } from '#renderer/features/import/sample-rows.tsx';
import { Panel } from '#renderer/ui/panel.tsx';
import type { ProblemCode } from '#shared/entities/problem-codes.ts';
import type { ImportPlan } from '#shared/import/import-plan.ts';
import classes from './import.module.css';

/** What would happen, row by row, before anything happens; values that differ from ours can be mapped here. */
export function CheckStep(props: {
  readonly file: ReadFile;
  readonly plan: ImportPlan;
  readonly onPlan: (plan: ImportPlan) => void;
  readonly onBack: () => void;
  readonly onStarted: (importId: string) => void;
}) {
  const { t } = useTranslation();
  const format = useFormat();
  const request = useRequest();
  const errorText = useErrorText();
  const [preview, setPreview] = useState<ImportPreview | null>(null);
  const [error, setError] = useState<string | null>(null);
  const [isStarting, setStarting] = useState(false);
  const { file, plan } = props;

  useEffect(() => {
    let isStale = false;
    request('previewImport', { fileName: file.name, text: file.text, plan }).then(
      (answer) => {
        if (!isStale) setPreview(answer);
      },
      (failure: unknown) => {
        if (!isStale) setError(errorText(failure));
      },
    );
    return () => {
      isStale = true;
    };
  }, [request, file, plan, errorText]);

  async function start(): Promise<void> {
    setStarting(true);
    try {
      const { importId } = await request('startImport', { fileName: file.name, text: file.text, plan });
      props.onStarted(importId);
    } catch (failure) {
      setError(errorText(failure));
      setStarting(false);
    }
  }

  const willWrite = preview === null ? 0 : preview.create + preview.update;
  // Of people nothing is done by halves unless somebody wants it: who is missing would be missed as manager of others.
  const [isWhole, setWhole] = useState(plan.entity === 'user');
  const isHeldBack = isWhole && (preview?.failed ?? 0) > 0;
  return (
    <div className={classes.wide}>
      {error === null ? null : (
        <Alert color="red" mb="sm" role="alert">
          {error}
        </Alert>
      )}
      {preview === null ? (
        <Group gap="sm">
          <Loader size="sm" aria-hidden />
          <span role="status">{t('import.checking')}</span>
        </Group>
      ) : (
        <>
          <Counts
            read={preview.read}
            created={preview.create}
            updated={preview.update}
            skipped={preview.skip}
            failed={preview.failed}
            isPreview
          />
          <UnknownPeople preview={preview} plan={plan} onPlan={props.onPlan} />
          <ValueMapping preview={preview} plan={plan} onPlan={props.onPlan} />
          <RowErrors
            errors={preview.errors}
            entity={plan.entity}
            title={t('import.rowErrors', { count: preview.failed })}
          />
          <SampleRows rows={preview.sample} labels={preview.labels} plan={plan} />
        </>
      )}
      <Checkbox
        mt="md"
        label={t('import.whole')}
        {...(isHeldBack ? { description: <span className="op-muted">{t('import.heldBack')}</span> } : {})}
        checked={isWhole}
        onChange={(event) => setWhole(event.currentTarget.checked)}
      />
      <Group justify="flex-end" gap="xs" mt="md">
        <Button variant="default" onClick={props.onBack}>
          {t('common.back')}
        </Button>
        <Button onClick={() => void start()} loading={isStarting} disabled={willWrite === 0 || isHeldBack}>
          {t('import.start', { count: willWrite, formatted: format.number(willWrite) })}
        </Button>
      </Group>
    </div>
  );
}

/** Owners this computer does not know, as in a file that came before the list of people: one word for all of them. */
function UnknownPeople(props: {
  readonly preview: ImportPreview;
  readonly plan: ImportPlan;
  readonly onPlan: (plan: ImportPlan) => void;
}) {
  const { t } = useTranslation();
  const { preview, plan } = props;
  const definition = useDefinitions()[plan.entity];
  const me = useAppSelector(({ device }) =>
    device.session?.status === 'signedIn' ? device.session.actor.userId : null,
  );
  const isOwner = (field: string | null): boolean => field === 'ownerId' && definition.fields[field]?.to === 'user';
  const isMine = plan.columns.some((column) => isOwner(column.field) && column.others !== undefined);
  const isAnyUnknown = preview.errors.some(({ field, code }) => isOwner(field) && isUnknown(code));
  if (me === null || (!isMine && !isAnyUnknown)) return null;

  function give(isToMe: boolean): void {
    const columns = plan.columns.map((column) => {
      if (!isOwner(column.field)) return column;
      const { others: _others, ...rest } = column;
      return isToMe && me !== null ? { ...rest, others: me } : rest;
    });
    props.onPlan({ ...plan, columns });
  }

  return (
    <Panel title={t('import.unknownPeople')}>
      <p className="op-muted" style={{ marginTop: 0 }}>
        {t('import.unknownPeopleText')}
      </p>
      <Checkbox
        label={t('import.unknownToMe')}
        checked={isMine}
        onChange={(event) => give(event.currentTarget.checked)}
      />
    </Panel>
  );
}

function isUnknown(code: ProblemCode | undefined): boolean {
  return code === 'noRecord' || code === 'noRecordLike';
}

const MAPPED_VALUES = 30;

/** Values of the file that are written differently from ours: what was understood, and what still needs a word. */
function ValueMapping(props: {
  readonly preview: ImportPreview;
  readonly plan: ImportPlan;
  readonly onPlan: (plan: ImportPlan) => void;
}) {
  const { t } = useTranslation();
  const names = useNames();
  const { preview, plan } = props;
  const definition = useDefinitions()[plan.entity];
  const corrected = preview.corrections.map((item) => ({ ...item, isOpen: false }));
  const open = new Map(
    preview.errors
      .filter(
        (error) =>
          error.value !== '' &&
          ['select', 'reference', 'references', 'multiSelect'].includes(definition.fields[error.field]?.type ?? ''),
      )
      .map((error) => [
        `${error.field}|${error.value}`,
        { field: error.field, from: error.value, to: '', isOpen: true },
      ]),
  );
  const stages = Object.entries(useStageLabels()).map(([value, label]) => ({ value, label }));
  const listOptions = (field: string): readonly { readonly value: string; readonly label: string }[] | undefined =>
    definition.fields[field]?.options?.map(({ value }) => ({ value, label: names.option(definition, field, value) }));
  const rows = [...open.values(), ...corrected].slice(0, MAPPED_VALUES);
  if (rows.length === 0) return null;

  function setValue(field: string, from: string, to: string): void {
    props.onPlan({
      ...plan,
      columns: plan.columns.map((column) =>
        column.field === field ? { ...column, values: { ...column.values, [from]: to } } : column,
      ),
    });
  }

  return (
    <Panel title={t('import.values')}>
      <p className="op-muted" style={{ marginTop: 0 }}>
        {t('import.valuesText')}
      </p>
      <table className={classes.table} data-testid="import-values">
        <thead>
          <tr>
            <th scope="col">{t('import.field')}</th>
            <th scope="col">{t('import.inFile')}</th>
            <th scope="col">{t('import.means')}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ field, from, to, isOpen }) => {
            const options = field === 'stageId' ? stages : listOptions(field);
            const label = t('import.meaningOf', { value: from });
            return (
              <tr key={`${field}|${from}`}>
                <td>{names.field(definition, field)}</td>
                <td data-selectable>{from}</td>
                <td>
                  {options === undefined ? (
                    <TextInput
                      // What it was taken for may change with a word on all others.
                      key={to}
                      size="xs"
                      w={220}
                      aria-label={label}
                      defaultValue={preview.labels[to] ?? to}
                      error={isOpen ? t('import.unknownValue') : undefined}
                      onBlur={(event) => {
                        const typed = event.currentTarget.value.trim();
                        if (typed !== '' && typed !== (preview.labels[to] ?? to)) setValue(field, from, typed);
                      }}
                    />
                  ) : (
                    <Select
                      size="xs"
                      w={220}
                      aria-label={label}
                      data={options}
                      value={options.some((option) => option.value === to) ? to : null}
                      error={isOpen ? t('import.unknownValue') : undefined}
                      onChange={(value) => {
                        if (value !== null) setValue(field, from, value);
                      }}
                    />
                  )}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </Panel>
  );
}
