import { useTranslation } from 'react-i18next';
import { useFormat } from '#renderer/app/format/format.ts';
import { Panel } from '#renderer/ui/panel.tsx';
import type { NotedError } from '#shared/doctor/snapshot.ts';
import classes from './doctor.module.css';

const SHOWN = 12;

/** What went wrong since Outpost started, newest first, in words and with the code somebody may ask for. */
export function ErrorsPanel(props: { readonly errors: readonly NotedError[] }) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <Panel title={t('doctor.errors.title')} isFlush>
      {props.errors.length === 0 ? <p className={classes.nothing}>{t('doctor.errors.none')}</p> : null}
      <ul className={classes.lines}>
        {props.errors.slice(0, SHOWN).map((error, index) => (
          <li key={`${error.at} ${index}`} data-code={error.code}>
            <span className={classes.time}>{format.seconds(error.at)}</span>
            <span className={classes.words}>
              {t(`errors.${error.code}`)}
              <span className={classes.below}>
                {t(`doctor.exchange.${error.during}`)} · <code data-selectable>{error.code}</code>
              </span>
            </span>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
