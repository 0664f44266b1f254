// A chart with its table twin: the same numbers drawn, or to read and to reach by keyboard. The drawing is one picture to
// assistive technology, with a name and what it says in a sentence; its marks are the buttons of the table.
import { ActionIcon, Group, Menu } from '@mantine/core';
import { IconChartBar, IconDownload, IconTable } from '@tabler/icons-react';
import { useEffect, useId, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { readChartLook, watchLook } from '#renderer/blocks/charts/chart-look.ts';
import type { FormatChartNumber } from '#shared/charts/chart-look.ts';
import { ChartTable } from '#renderer/blocks/charts/chart-table.tsx';
import { describeChart } from '#renderer/blocks/charts/describe-chart.ts';
import type { DrawnChart } from '#renderer/blocks/charts/draw-chart.ts';
import { chartWords } from '#shared/charts/paper-chart.ts';
import { savePng, saveSvg } from '#renderer/blocks/charts/save-picture.ts';
import type { ChartData, ChartMark } from '#shared/analytics/chart-data.ts';
import type { ChartSpec } from '#shared/analytics/chart-spec.ts';
import classes from './charts.module.css';

export interface ChartProps {
  readonly spec: ChartSpec;
  readonly data: ChartData;
  readonly format: FormatChartNumber;
  /** Its accessible name, and the name of a saved picture. */
  readonly name: string;
  /** A click on a mark or on its number in the table. */
  readonly onMark?: (mark: ChartMark) => void;
}

export function Chart(props: ChartProps) {
  const { t } = useTranslation();
  const [isTable, setTable] = useState(false);
  const drawn = useRef<DrawnChart | null>(null);
  const place = useRef<HTMLDivElement>(null);
  const { data, format, name, spec, onMark } = props;
  const isEmpty = !data.series.some(({ numbers }) => numbers.some((number) => !Number.isNaN(number)));
  if (isEmpty) return <div className={classes.empty}>{t('charts.empty')}</div>;

  function save(kind: 'svg' | 'png'): void {
    const svg = drawn.current?.toSvg();
    const size = place.current?.getBoundingClientRect();
    if (svg === undefined || size === undefined) return;
    if (kind === 'svg') saveSvg(name, svg);
    else void savePng(name, svg, readChartLook().surface, size);
  }

  return (
    <div className={classes.root} data-chart={spec.type}>
      <Group gap={2} className={isTable ? `${classes.tools ?? ''} ${classes.toolsShown ?? ''}` : (classes.tools ?? '')}>
        <ActionIcon
          size="sm"
          aria-label={t(isTable ? 'charts.showChart' : 'charts.showTable', { name })}
          onClick={() => setTable(!isTable)}
        >
          {isTable ? <IconChartBar size={15} /> : <IconTable size={15} />}
        </ActionIcon>
        {isTable ? null : (
          <Menu position="bottom-end">
            <Menu.Target>
              <ActionIcon size="sm" aria-label={t('charts.save', { name })}>
                <IconDownload size={15} />
              </ActionIcon>
            </Menu.Target>
            <Menu.Dropdown>
              <Menu.Item onClick={() => save('svg')}>{t('charts.saveSvg')}</Menu.Item>
              <Menu.Item onClick={() => save('png')}>{t('charts.savePng')}</Menu.Item>
            </Menu.Dropdown>
          </Menu>
        )}
      </Group>
      {isTable ? (
        <ChartTable name={name} data={data} format={format} onMark={onMark} />
      ) : (
        <Drawing {...props} drawn={drawn} place={place} />
      )}
    </div>
  );
}

function Drawing(
  props: ChartProps & {
    readonly drawn: React.RefObject<DrawnChart | null>;
    readonly place: React.RefObject<HTMLDivElement | null>;
  },
) {
  const { t } = useTranslation();
  const { spec, data, format, name, onMark, drawn, place } = props;
  const descriptionId = useId();
  const [isLoaded, setLoaded] = useState(false);
  const heard = useRef(onMark);
  useEffect(() => {
    heard.current = onMark;
  });

  useEffect(() => {
    let isGone = false;
    void import('#renderer/blocks/charts/draw-chart.ts').then(({ drawChart }) => {
      if (isGone || place.current === null) return;
      drawn.current = drawChart(place.current, (mark) => heard.current?.(mark));
      setLoaded(true);
    });
    return () => {
      isGone = true;
      drawn.current?.stop();
      drawn.current = null;
    };
  }, [drawn, place]);

  // Numbers that did not change are not drawn again, however often the screen is.
  const content = JSON.stringify([spec, data]);
  useEffect(() => {
    if (!isLoaded) return;
    const words = chartWords(t);
    const show = (): void => drawn.current?.show({ spec, data, format, words, look: readChartLook() });
    show();
    return watchLook(show);
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [isLoaded, content, format, t]);

  return (
    <>
      <div
        ref={place}
        className={classes.canvas}
        role="img"
        aria-label={name}
        aria-describedby={descriptionId}
        data-drawn={isLoaded}
      />
      <p id={descriptionId} hidden>
        {describeChart(t, spec, data, format)}
      </p>
    </>
  );
}
