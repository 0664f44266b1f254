// Keys as a table: what each may do, how long, and when it was used last. What ended stays for a while and says why.
import { Button, Group } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '#renderer/app/format/format.ts';
import { RecordName } from '#renderer/blocks/record-name.tsx';
import { usePermissionLabel } from '#renderer/features/settings/api-keys/use-permission-label.ts';
import { Pill } from '#renderer/ui/pill.tsx';
import type { ApiKey } from '#shared/sync/access-messages.ts';
import classes from '../settings.module.css';

const SOON_MS = 14 * 86_400_000;

export function KeyTable(props: {
  readonly keys: readonly ApiKey[];
  readonly showsOwner: boolean;
  readonly onRevoke: (key: ApiKey) => void;
  /** Absent where keys of others are shown: a key is rotated by its owner. */
  readonly onRotate?: (key: ApiKey) => void;
}) {
  const { t } = useTranslation();
  const columns = ['name', ...(props.showsOwner ? ['owner'] : []), 'scopes', 'expires', 'lastUsed'];
  return (
    <table className={classes.table}>
      <thead>
        <tr>
          {columns.map((column) => (
            <th key={column} scope="col">
              {t(`settings.apiKeys.columns.${column}`)}
            </th>
          ))}
          <th scope="col">
            <span hidden>{t('settings.apiKeys.columns.actions')}</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {props.keys.map((key) => (
          <KeyRow key={key.id} {...props} row={key} />
        ))}
      </tbody>
    </table>
  );
}

function KeyRow(props: {
  readonly row: ApiKey;
  readonly showsOwner: boolean;
  readonly onRevoke: (key: ApiKey) => void;
  readonly onRotate?: (key: ApiKey) => void;
}) {
  const { t } = useTranslation();
  const { row, onRevoke, onRotate } = props;
  return (
    <tr>
      <td>
        {row.name} <KeyState row={row} />
        <code className={classes.address}>{`${row.prefix}…`}</code>
      </td>
      {props.showsOwner ? (
        <td>
          <RecordName entity="user" id={row.ownerId} />
        </td>
      ) : null}
      <td>
        <Scopes row={row} />
      </td>
      <td className={classes.nowrap}>
        <Expiry row={row} />
      </td>
      <td>
        <LastUse row={row} />
      </td>
      <td>
        {row.state === 'living' ? (
          <Group gap={6} wrap="nowrap" justify="flex-end">
            {onRotate === undefined ? null : (
              <Button
                size="compact-xs"
                variant="default"
                onClick={() => onRotate(row)}
                aria-label={t('settings.apiKeys.rotateNamed', { name: row.name })}
              >
                {t('settings.apiKeys.rotate')}
              </Button>
            )}
            <Button
              size="compact-xs"
              variant="default"
              onClick={() => onRevoke(row)}
              aria-label={t('settings.apiKeys.revokeNamed', { name: row.name })}
            >
              {t('settings.apiKeys.revoke')}
            </Button>
          </Group>
        ) : null}
      </td>
    </tr>
  );
}

function KeyState({ row }: { readonly row: ApiKey }) {
  const { t } = useTranslation();
  if (row.state === 'living') return null;
  const why = row.reason === null ? 'expired' : row.reason;
  return <Pill tone="neutral">{t(`settings.apiKeys.ended.${why}`)}</Pill>;
}

/** The first few in words, the rest as a number whose title names them. */
function Scopes({ row }: { readonly row: ApiKey }) {
  const { t } = useTranslation();
  const labelOf = usePermissionLabel();
  const labels = row.permissions.map((name) => labelOf(name));
  const rest = labels.slice(2);
  return (
    <>
      {labels.slice(0, 2).join(', ')}
      {rest.length === 0 ? null : (
        <span title={rest.join('\n')}>{` ${t('settings.apiKeys.more', { count: rest.length })}`}</span>
      )}
      {row.addresses.length === 0 ? null : (
        <span className={classes.address}>{t('settings.apiKeys.from', { addresses: row.addresses.join(', ') })}</span>
      )}
    </>
  );
}

function Expiry({ row }: { readonly row: ApiKey }) {
  const { t } = useTranslation();
  const format = useFormat();
  const [now] = useState(() => Date.now());
  const isSoon = row.state === 'living' && Date.parse(row.expiresAt) - now < SOON_MS;
  return (
    <>
      {format.day(row.expiresAt.slice(0, 10))}
      {isSoon ? (
        <span className={classes.address}>
          <Pill tone="warn">{t('settings.apiKeys.soon')}</Pill>
        </span>
      ) : null}
    </>
  );
}

function LastUse({ row }: { readonly row: ApiKey }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { former } = row;
  return (
    <>
      {row.lastUsedAt === null ? t('settings.apiKeys.never') : format.ago(row.lastUsedAt)}
      {row.lastUsedFrom === null ? null : <span className={classes.address}>{row.lastUsedFrom}</span>}
      {former === null ? null : (
        <span className={classes.address}>
          {t(former.lastUsedAt === null ? 'settings.apiKeys.formerUnused' : 'settings.apiKeys.formerUsed', {
            prefix: former.prefix,
            until: format.instant(former.endsAt),
            ago: former.lastUsedAt === null ? '' : format.ago(former.lastUsedAt),
          })}
        </span>
      )}
    </>
  );
}
