import { Button, Loader, SegmentedControl, Select } from '@mantine/core';
import { IconArrowBackUp, IconArrowForwardUp, IconCopy, IconTableOptions } from '@tabler/icons-react';
import { useEffect, useMemo, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate, useParams } from 'react-router';
import { ActionIcon } from '@mantine/core';
import { useDefinitions } from '#renderer/app/store/definitions.ts';
import { useFormat } from '#renderer/app/format/format.ts';
import { useAppDispatch, useAppSelector } from '#renderer/app/store/store.ts';
import { emptyListView, listViewChanged } from '#renderer/app/store/view-slice.ts';
import { pathOfList } from '#renderer/blocks/record-paths.ts';
import { ExportButton } from '#renderer/blocks/export/export-button.tsx';
import { conditionsOf } from '#renderer/blocks/filter-conditions.ts';
import { useOrganization } from '#renderer/blocks/use-organization.ts';
import { showDone } from '#renderer/blocks/use-command.tsx';
import { useErrorText } from '#renderer/blocks/use-error-text.ts';
import { useLive } from '#renderer/data/use-data.ts';
import { asOfDay, firstSpecOf, withConditions, withoutFields, withoutUnfinished } from '#shared/analytics/edit-spec.ts';
import { copyPivot } from '#renderer/features/pivot/copy-pivot.ts';
import { conditionsOfCell } from '#shared/analytics/filter-by-cell.ts';
import { toCanonicalJson } from '#shared/kernel/json.ts';
import { keyOfPath } from '#shared/analytics/pivot-axis.ts';
import { AsOfControl } from '#renderer/features/pivot/as-of-control.tsx';
import { PastBanner } from '#renderer/features/pivot/past-banner.tsx';
import { PivotGrid } from '#renderer/features/pivot/pivot-grid.tsx';
import { PivotChart } from '#renderer/features/pivot/pivot-chart.tsx';
import { pivotShows, plainLook, readLook } from '#shared/analytics/pivot-look.ts';
import { PivotPanel } from '#renderer/features/pivot/pivot-panel.tsx';
import { usePivotOffer } from '#renderer/features/pivot/use-pivot-offer.ts';
import { ReportsMenu } from '#renderer/features/pivot/reports-menu.tsx';
import { usePivotDraft, type DraftControl } from '#renderer/features/pivot/use-pivot-draft.ts';
import { usePivotNames } from '#renderer/blocks/use-pivot-names.ts';
import { EmptyState } from '#renderer/ui/empty-state.tsx';
import { Page } from '#renderer/ui/page.tsx';
import { isPivotSpec, missingFields } from '#shared/analytics/check-pivot.ts';
import { isFieldVisible, isSourceVisible, pivotFieldAt, pivotFieldsOf } from '#shared/analytics/pivot-fields.ts';
import { entityOfSource, isPivotSource, pivotSources, type PivotSource } from '#shared/analytics/pivot-source.ts';
import type { PivotNames } from '#shared/analytics/pivot-names.ts';
import type { PivotSpec } from '#shared/analytics/pivot-spec.ts';
import type { ErrorData } from '#shared/kernel/errors.ts';
import classes from './pivot.module.css';

/** Any question of the whole pipeline, answered from this computer. */
export function PivotScreen() {
  const policy = useAppSelector((state) =>
    state.device.session?.status === 'signedIn' ? state.device.session.actor.fields : undefined,
  );
  const definitions = useDefinitions();
  const control = usePivotDraft((path) => {
    const field = pivotFieldAt('deal', path);
    return field !== null && isFieldVisible(policy, field);
  });
  useOpenedReport(control);
  const { t } = useTranslation();
  const { draft, change } = control;
  const { spec: whole, look } = draft;
  const spec = useMemo(() => withoutUnfinished(whole), [whole]);
  const finished = { ...draft, spec };
  const names = usePivotNames();
  const { fiscalYearStart } = useOrganization().figures;
  const format = useFormat();
  const navigate = useNavigate();
  const dispatch = useAppDispatch();
  const errorText = useErrorText();
  const source: PivotSource = isPivotSource(spec.source) ? spec.source : 'deal';
  const fields = useMemo(
    () => pivotFieldsOf(source, definitions).filter((field) => isFieldVisible(policy, field)),
    [source, definitions, policy],
  );
  const missing = missingFields(spec, policy);
  const { data, error, isCurrent } = useLive('pivot', missing.length === 0 && spec.values.length > 0 ? { spec } : null);
  const left = Object.entries(data?.withoutRate ?? {});

  function drill(row: readonly (string | null)[], column: readonly (string | null)[]): void {
    // Campaigns are shown by state, not as a list that can be narrowed.
    const path = source === 'campaign' ? null : pathOfList(entityOfSource(source));
    if (path === null) {
      showDone({ message: t('analytics.pivot.noList', { entities: names.source(source) }) });
      return;
    }
    dispatch(listViewChanged({ list: path.slice(1), change: { ...emptyListView, cell: { spec, row, column } } }));
    void navigate(path);
  }

  function filterBy(row: readonly (string | null)[], column: readonly (string | null)[]): void {
    const found = conditionsOfCell(spec, row, column, (path) => pivotFieldAt(source, path)?.type, fiscalYearStart);
    if (found === null) {
      showDone({ message: t('analytics.chart.cannotFilter') });
      return;
    }
    const kept = conditionsOf(whole.filter);
    const fresh = found.filter(
      (condition) => !kept.some((known) => toCanonicalJson(known) === toCanonicalJson(condition)),
    );
    change({ spec: withConditions(whole, [...kept, ...fresh]) });
  }

  function sortBy(measure: string): void {
    const last = spec.rows.at(-1);
    if (last === undefined) return;
    const isDescending = last.sort?.measure === measure && last.sort.direction === 'desc';
    const sort = { by: 'measure', measure, direction: isDescending ? 'asc' : 'desc' } as const;
    change({ spec: { ...whole, rows: whole.rows.map((dimension) => ({ ...dimension, sort })) } });
  }

  const shown = useMemo(
    () =>
      data === undefined ? null : { spec, folded: look.folded, answer: data, names, total: t('analytics.pivot.total') },
    [data, spec, look.folded, names, t],
  );
  const offer = usePivotOffer(finished, shown !== null);

  async function copy(): Promise<void> {
    if (shown === null) return;
    const isCopied = await copyPivot(shown).then(
      () => true,
      () => false,
    );
    showDone({ message: t(isCopied ? 'analytics.pivot.copied' : 'analytics.pivot.notCopied') });
  }

  return (
    <Page
      title={t('nav.pivot')}
      subtitle={
        data === undefined
          ? ' '
          : t('analytics.pivot.records', {
              count: data.result.records,
              formatted: format.number(data.result.records),
              entities: names.source(source),
            })
      }
      isFilled
      actions={<ReportsMenu draft={finished} onChange={change} />}
      toolbar={
        <>
          <Select
            size="xs"
            w={170}
            aria-label={t('analytics.pivot.source')}
            data={pivotSources
              .filter((name) => isSourceVisible(policy, name))
              .map((name) => ({ value: name, label: names.source(name) }))}
            value={source}
            allowDeselect={false}
            onChange={(name) => {
              if (isPivotSource(name) && name !== source)
                change({ spec: asOfDay(firstSpecOf(name), spec.asOf), look: plainLook, reportId: null });
            }}
          />
          <AsOfControl day={spec.asOf} onChange={(day) => change({ spec: asOfDay(whole, day) })} />
          <ActionIcon
            variant="default"
            aria-label={t('common.undo')}
            aria-keyshortcuts="Control+Z"
            title={t('common.undo')}
            disabled={control.undo === null}
            onClick={() => control.undo?.()}
          >
            <IconArrowBackUp size={16} />
          </ActionIcon>
          <ActionIcon
            variant="default"
            aria-label={t('analytics.pivot.redo')}
            aria-keyshortcuts="Control+Y"
            title={t('analytics.pivot.redo')}
            disabled={control.redo === null}
            onClick={() => control.redo?.()}
          >
            <IconArrowForwardUp size={16} />
          </ActionIcon>
          <SegmentedControl
            size="xs"
            aria-label={t('analytics.pivot.show')}
            data={pivotShows.map((value) => ({ value, label: t(`analytics.pivot.shows.${value}`) }))}
            value={look.show}
            onChange={(value) => {
              const show = pivotShows.find((known) => known === value);
              if (show !== undefined) change({ look: { ...look, show } });
            }}
          />
          <div style={{ flex: 1 }} />
          {isCurrent || error !== undefined || missing.length > 0 ? null : <Loader size={14} />}
          {offer === null ? null : <ExportButton offer={offer} />}
          <Button
            variant="default"
            leftSection={<IconCopy size={14} />}
            disabled={data === undefined}
            onClick={() => void copy()}
          >
            {t('analytics.pivot.copy')}
          </Button>
        </>
      }
    >
      <div className={classes.body}>
        <div className={classes.main}>
          {spec.asOf === undefined ? null : (
            <PastBanner
              day={spec.asOf}
              past={data?.past}
              source={source}
              names={names}
              onNow={() => change({ spec: asOfDay(whole, undefined) })}
            />
          )}
          {missing.length === 0 ? null : (
            <div className={classes.notice} role="status">
              <span style={{ flex: 1 }}>
                {t('analytics.pivot.missing', {
                  count: missing.length,
                  fields: missing.map((path) => names.field(source, path)).join(', '),
                })}
              </span>
              <Button
                size="compact-xs"
                variant="default"
                onClick={() => change({ spec: withoutFields(whole, missing) })}
              >
                {t('analytics.pivot.removeMissing')}
              </Button>
            </div>
          )}
          {names.remarks(spec).map((remark) => (
            <p key={remark} className={classes.remark}>
              {remark}
            </p>
          ))}
          {left.length === 0 || data === undefined ? null : (
            <div className={classes.notice} role="status">
              {t('analytics.pivot.withoutRate', {
                currency: data.currency,
                amounts: left.map(([currency, count]) => `${format.number(count)} × ${currency}`).join(', '),
              })}
            </div>
          )}
          {error !== undefined ? (
            <EmptyState
              icon={<IconTableOptions size={32} stroke={1.4} />}
              title={t('analytics.pivot.refused')}
              text={errorText(namingMeasure(error, spec, names))}
              action={control.undo === null ? undefined : { label: t('common.undo'), onClick: control.undo }}
            />
          ) : data === undefined || spec.values.length === 0 ? (
            spec.values.length === 0 || missing.length > 0 ? (
              <EmptyState
                icon={<IconTableOptions size={32} stroke={1.4} />}
                title={t('analytics.pivot.nothingAsked')}
                text={t('analytics.pivot.nothingAskedText')}
              />
            ) : null
          ) : data.result.records === 0 ? (
            <EmptyState
              icon={<IconTableOptions size={32} stroke={1.4} />}
              title={t(spec.filter === null ? 'analytics.pivot.noRecords' : 'list.noneMatch')}
              text={
                data.past?.knownFrom !== null &&
                data.past?.knownFrom !== undefined &&
                data.past.knownFrom > data.past.day
                  ? t('past.beforeAll', { day: format.day(data.past.knownFrom) })
                  : t(spec.filter === null ? 'analytics.pivot.noRecordsYet' : 'analytics.pivot.noRecordsText')
              }
            />
          ) : (
            <>
              {look.show === 'table' ? null : (
                <PivotChart
                  spec={spec}
                  chart={look.chart}
                  answer={data}
                  names={names}
                  name={t('analytics.chart.name')}
                  isBeside={look.show === 'both'}
                  onDrill={drill}
                  onFilter={filterBy}
                  onChange={(chart) => change({ look: { ...look, chart } })}
                />
              )}
              {look.show === 'chart' ? null : (
                <PivotGrid
                  spec={spec}
                  look={look}
                  answer={data}
                  names={names}
                  label={t('nav.pivot')}
                  onFold={(row) => {
                    const key = keyOfPath(row.member.path);
                    const folded = row.isFolded ? look.folded.filter((path) => path !== key) : [...look.folded, key];
                    change({ look: { ...look, folded } });
                  }}
                  onDrill={drill}
                  onSortBy={sortBy}
                  onCopy={() => void copy()}
                />
              )}
            </>
          )}
        </div>
        <PivotPanel draft={draft} fields={fields} names={names} currency={data?.currency ?? 'EUR'} onChange={change} />
      </div>
    </Page>
  );
}

/** An error about a formula with what the value is called on the screen in place of its id. */
function namingMeasure(error: ErrorData, spec: PivotSpec, names: PivotNames): ErrorData {
  const measure = spec.values.find(({ id }) => id === error.details['measure']);
  if (error.code !== 'wrong_formula' || measure === undefined) return error;
  return { ...error, details: { ...error.details, measure: names.measure(spec, measure) } };
}

/** Opens the report a link names, and leaves the link, so that coming back finds what was changed since. */
function useOpenedReport({ change }: DraftControl): void {
  const { id } = useParams();
  const navigate = useNavigate();
  const { data } = useLive('record', id === undefined ? null : { entity: 'report', id });
  const latest = useRef(change);
  latest.current = change;
  const record = data?.record;
  useEffect(() => {
    if (id === undefined || record === undefined || record?.id !== id) return;
    const { spec } = record;
    if (isPivotSpec(spec)) latest.current({ reportId: record.id, spec, look: readLook(record['look']) });
    void navigate('/analytics/pivot', { replace: true });
  }, [id, record, navigate]);
}
