// What the time of the server goes into: measured for some seconds when somebody wants to know, kept until it is measured again.
import { Alert, Button, Select } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '#renderer/app/format/format.ts';
import { saveTextFile } from '#renderer/blocks/save-text-file.ts';
import { useErrorText } from '#renderer/blocks/use-error-text.ts';
import { usePolled } from '#renderer/blocks/use-polled.ts';
import { getBridge, invokeMain } from '#renderer/data/bridge.ts';
import { Part, Tile } from '#renderer/features/operations/part.tsx';
import { Panel } from '#renderer/ui/panel.tsx';
import { Scroll } from '#renderer/ui/scroll.tsx';
import type { ServerProfile } from '#shared/sync/profile-messages.ts';
import classes from './operations.module.css';

const lengths = [5, 15, 60] as const;
const LOOK_MS = 2_000;
/** In percent, with one digit. */
const percentOf = (share: number): number => Math.round(share * 1000) / 10;
/** A thread that comes later than this to what is due is felt by whoever waits. */
const LATE_MS = 100;

export function PerformancePart() {
  const { t } = useTranslation();
  const format = useFormat();
  const errorText = useErrorText();
  const { data, error, refresh } = usePolled('operations.profile', {}, LOOK_MS);
  const [seconds, setSeconds] = useState<number>(15);
  const [failure, setFailure] = useState<string | null>(null);
  const isRunning = data !== null && data.runsUntil !== null;

  async function tell(work: Promise<unknown>): Promise<void> {
    setFailure(null);
    try {
      await work;
    } catch (problem) {
      setFailure(errorText(problem));
    }
    refresh();
  }
  async function save(): Promise<void> {
    const { name, text } = await invokeMain(getBridge(), 'operations.profileFile', {});
    saveTextFile(name, 'application/json', text);
  }

  const actions =
    data?.mayMeasure === true ? (
      <>
        <Select
          size="xs"
          w={130}
          aria-label={t('operations.performance.length')}
          value={String(seconds)}
          onChange={(value) => setSeconds(Number(value ?? 15))}
          allowDeselect={false}
          data={lengths.map((value) => ({
            value: String(value),
            label: t('operations.performance.seconds', { count: value }),
          }))}
        />
        <Button
          size="xs"
          loading={isRunning}
          onClick={() => void tell(invokeMain(getBridge(), 'operations.beginProfile', { seconds }))}
        >
          {t('operations.performance.begin')}
        </Button>
        <Button size="xs" variant="default" disabled={data.last === null} onClick={() => void tell(save())}>
          {t('operations.performance.save')}
        </Button>
      </>
    ) : null;
  return (
    <Part name="performance" error={error} hasAnswer={data !== null} actions={actions}>
      {failure === null ? null : (
        <Alert color="red" mb="md" role="alert">
          {failure}
        </Alert>
      )}
      {data?.mayMeasure === false ? <p className="op-muted">{t('operations.performance.notYours')}</p> : null}
      {isRunning ? (
        <p className="op-muted" role="status">
          {t('operations.performance.running', { at: format.seconds(data.runsUntil ?? '') })}
        </p>
      ) : null}
      {data?.mayMeasure === true && data.last === null && !isRunning ? (
        <Panel>{t('operations.performance.none')}</Panel>
      ) : null}
      {data === null || data.last === null ? null : <Measured profile={data.last} />}
    </Part>
  );
}

function Measured({ profile }: { readonly profile: ServerProfile }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { delay } = profile;
  return (
    <div className={classes.stack}>
      <dl className={classes.tiles}>
        <Tile name={t('operations.performance.busy')}>{format.percent(percentOf(profile.busy))}</Tile>
        <Tile name={t('operations.performance.collecting')}>{format.percent(percentOf(profile.collecting))}</Tile>
        <Tile
          name={t('operations.performance.late')}
          note={t('operations.performance.latest', { most: format.millis(delay.maxMs) })}
          {...(delay.p99Ms > LATE_MS ? { tone: 'warn' as const } : {})}
        >
          {format.millis(delay.p99Ms)}
        </Tile>
      </dl>
      <Panel title={t('operations.performance.functions')} isFlush>
        <Scroll>
          <table className={classes.table}>
            <thead>
              <tr>
                <th scope="col">{t('operations.performance.function')}</th>
                <th scope="col">{t('operations.performance.place')}</th>
                <th scope="col" className="op-number">
                  {t('operations.performance.own')}
                </th>
                <th scope="col" className="op-number">
                  {t('operations.performance.share')}
                </th>
              </tr>
            </thead>
            <tbody>
              {profile.functions.map(({ name, place, selfMs, share }) => (
                <tr key={`${name} ${place}`}>
                  <th scope="row">
                    <code>{name}</code>
                  </th>
                  <td data-selectable>
                    <code>{place}</code>
                  </td>
                  <td className="op-number">{format.millis(selfMs)}</td>
                  <td className="op-number">{format.percent(percentOf(share))}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </Scroll>
      </Panel>
      <Panel title={t('operations.performance.statements')} isFlush>
        {profile.statements.length === 0 ? (
          <p className={classes.empty}>{t('operations.performance.noStatements')}</p>
        ) : (
          <Scroll>
            <table className={classes.table}>
              <thead>
                <tr>
                  <th scope="col">{t('operations.performance.statement')}</th>
                  {(['calls', 'total', 'average', 'most'] as const).map((column) => (
                    <th key={column} scope="col" className="op-number">
                      {t(`operations.performance.${column}`)}
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {profile.statements.map(({ text, calls, totalMs, averageMs, maxMs }) => (
                  <tr key={text}>
                    <th scope="row" data-selectable>
                      <code>{text}</code>
                    </th>
                    <td className="op-number">{format.number(calls)}</td>
                    <td className="op-number">{format.millis(totalMs)}</td>
                    <td className="op-number">{format.millis(averageMs)}</td>
                    <td className="op-number">{format.millis(maxMs)}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </Scroll>
        )}
      </Panel>
      <p className="op-muted">
        {t('operations.performance.asOf', { count: profile.seconds, at: format.seconds(profile.at) })}
      </p>
    </div>
  );
}
