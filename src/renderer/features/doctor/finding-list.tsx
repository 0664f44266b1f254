import { UnstyledButton } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useNames } from '#renderer/app/i18n/use-names.ts';
import { pathOfRecord } from '#renderer/blocks/record-paths.ts';
import { getBridge, invokeMain } from '#renderer/data/bridge.ts';
import { keyOf, useTitles } from '#renderer/blocks/use-titles.ts';
import { Pill } from '#renderer/ui/pill.tsx';
import { entities } from '#shared/entities/registry.ts';
import type { Finding } from '#shared/doctor/snapshot.ts';
import classes from './doctor.module.css';

/** The records that differ, those that are here with their names. */
export function FindingList(props: { readonly findings: readonly Finding[] }) {
  const { t } = useTranslation();
  const names = useNames();
  const titles = useTitles(props.findings);
  if (props.findings.length === 0) return null;
  return (
    <ul className={classes.findings}>
      {props.findings.map((finding) => {
        const record = titles.get(keyOf(finding));
        const path = record === undefined ? null : pathOfRecord(record.entity, record.id);
        const text = record === undefined ? t('doctor.check.notHere') : record.title;
        return (
          <li key={keyOf(finding)} data-finding={finding.kind}>
            <Pill tone="warn">{t(`doctor.finding.${finding.kind}`)}</Pill>
            {path === null ? (
              <span>{text}</span>
            ) : (
              <UnstyledButton
                className={classes.link}
                onClick={() => void invokeMain(getBridge(), 'window.showRecord', { path })}
              >
                {text}
              </UnstyledButton>
            )}
            <span className="op-muted">{record === undefined ? '' : names.entity(entities[record.entity])}</span>
          </li>
        );
      })}
    </ul>
  );
}
