import { Button, MultiSelect, Switch, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '#renderer/app/format/format.ts';
import { MomentInput } from '#renderer/blocks/moment-input.tsx';
import { useTypedForm } from '#renderer/blocks/typed-forms.ts';
import { Section } from '#renderer/features/platform/section.tsx';
import { askPlatform, useDoing, usePlatform } from '#renderer/features/platform/use-platform.ts';
import { MOST_MAINTENANCE_TEXT, type Maintenance } from '#shared/sync/maintenance.ts';
import classes from './platform.module.css';

/** Tells organizations when the server will not answer, and closes it for them for that time. */
export function MaintenanceSection() {
  const { t } = useTranslation();
  const format = useFormat();
  const { answer, error, reload } = usePlatform('listOrganizations', {});
  const doing = useDoing();
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const [from, setFrom] = useState<string | null>(null);
  const [until, setUntil] = useState<string | null>(null);
  const [text, setText] = useState('');
  const [closes, setCloses] = useState(false);
  useTypedForm(chosen.length > 0 || from !== null || until !== null || text !== '' || closes);
  const all = answer?.organizations ?? [];
  const announced = all.filter(({ maintenance }) => maintenance !== null);

  async function plan(organizations: readonly string[], planned: Maintenance | null): Promise<void> {
    const whom = organizations.length === 0 ? {} : { organizations: [...organizations] };
    const said = planned === null ? t('maintenance.takenBack') : t('maintenance.announced');
    if (!(await doing.run(() => askPlatform('planMaintenance', { ...whom, planned }), said))) return;
    reload();
    if (planned !== null) forget();
  }

  function forget(): void {
    setChosen([]);
    setFrom(null);
    setUntil(null);
    setText('');
    setCloses(false);
  }

  return (
    <Section name="maintenance" error={error} doing={doing}>
      <form
        className={classes.form}
        onSubmit={(event) => {
          event.preventDefault();
          if (from === null || until === null) return;
          void plan(chosen, { from, until, text: text.trim(), closes });
        }}
      >
        <MultiSelect
          label={t('platform.maintenance.whom')}
          placeholder={chosen.length === 0 ? t('platform.maintenance.all') : ''}
          data={all.map(({ id, name }) => ({ value: id, label: name }))}
          value={[...chosen]}
          onChange={setChosen}
        />
        <div className={classes.row}>
          <MomentInput required w={225} label={t('maintenance.from')} value={from} onChange={setFrom} />
          <MomentInput required w={225} label={t('maintenance.until')} value={until} onChange={setUntil} />
        </div>
        <TextInput
          label={t('maintenance.why')}
          value={text}
          maxLength={MOST_MAINTENANCE_TEXT}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        <Switch
          label={t('platform.maintenance.closes')}
          description={t('platform.maintenance.closesText')}
          checked={closes}
          onChange={(event) => setCloses(event.currentTarget.checked)}
        />
        <div>
          <Button type="submit" size="sm" loading={doing.isBusy} disabled={from === null || until === null}>
            {t('maintenance.announce')}
          </Button>
        </div>
      </form>
      <h2>{t('platform.maintenance.announced')}</h2>
      {announced.length > 0 || (answer === null && error === null) ? null : (
        <p className={classes.muted}>{t(`platform.maintenance.${answer === null ? 'unknown' : 'none'}`)}</p>
      )}
      <table className={classes.table}>
        <tbody>
          {announced.map(({ id, name, maintenance }) => (
            <tr key={id}>
              <td>{name}</td>
              <td>
                {format.instant(maintenance?.from)} – {format.instant(maintenance?.until)}
              </td>
              <td>{maintenance?.text}</td>
              <td>{maintenance?.closes === true ? t('platform.maintenance.closed') : ''}</td>
              <td>
                <Button size="compact-xs" variant="default" onClick={() => void plan([id], null)}>
                  {t('maintenance.takeBack')}
                </Button>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Section>
  );
}
