import { useTranslation } from 'react-i18next';
import { useFormat } from '#renderer/app/format/format.ts';
import classes from './import.module.css';

/** The sum every import must pass: read = created + updated + skipped + failed. */
export function Counts(props: {
  readonly read: number;
  readonly created: number;
  readonly updated: number;
  readonly skipped: number;
  readonly failed: number;
  readonly isPreview?: boolean;
}) {
  const { t } = useTranslation();
  const format = useFormat();
  const words = props.isPreview === true ? 'import.will' : 'import.did';
  return (
    <dl className={classes.counts} data-testid="import-counts">
      {(['read', 'created', 'updated', 'skipped', 'failed'] as const).map((key) => (
        <div key={key} data-count={key} data-bad={key === 'failed' && props.failed > 0}>
          <dt>{t(`${words}.${key}`)}</dt>
          <dd>{format.number(props[key])}</dd>
        </div>
      ))}
    </dl>
  );
}
