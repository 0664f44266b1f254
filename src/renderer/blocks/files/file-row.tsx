import { ActionIcon, Button, Menu, Tooltip, UnstyledButton } from '@mantine/core';
import {
  IconAlertTriangle,
  IconCloud,
  IconCloudUpload,
  IconDeviceDesktop,
  IconDots,
  IconDownload,
  IconExternalLink,
  IconFile,
  IconFileText,
  IconFileTypePdf,
  IconPencil,
  IconPhoto,
  IconPin,
  IconPinnedOff,
  IconRefresh,
  IconTrash,
  IconVersions,
} from '@tabler/icons-react';
import { createElement, type ComponentType, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '#renderer/app/format/format.ts';
import { useNames } from '#renderer/app/i18n/use-names.ts';
import { isPreviewable } from '#renderer/blocks/files/file-preview.tsx';
import { useFileErrorText } from '#renderer/blocks/files/use-file-error-text.ts';
import { PendingMark } from '#renderer/blocks/pending-mark.tsx';
import type { LocalRecord } from '#renderer/data/data-contract.ts';
import { documentName } from '#shared/entities/file/document-versions.ts';
import { entities } from '#shared/entities/registry.ts';
import { findOpenRefusal, previewOf } from '#shared/files/file-policy.ts';
import type { FileState } from '#shared/ipc/file-state.ts';
import { textOf } from '#shared/kernel/text-of.ts';
import classes from './files.module.css';

export interface FileActions {
  readonly preview: () => void;
  readonly open: () => void;
  readonly save: () => void;
  readonly pin: (on: boolean) => void;
  readonly retry: () => void;
  readonly remove: () => void;
  readonly edit: () => void;
  /** Of the newest version, where versions can be added. */
  readonly addVersion?: () => void;
}

function iconOf(mediaType: string): ComponentType<{ size?: number }> {
  const kind = previewOf(mediaType);
  if (kind === 'picture') return IconPhoto;
  if (kind === 'pages') return IconFileTypePdf;
  return kind === 'text' ? IconFileText : IconFile;
}

const placeIcons: Readonly<Record<FileState['place'], ComponentType<{ size?: number }>>> = {
  absent: IconCloud,
  part: IconCloud,
  copy: IconDeviceDesktop,
  waiting: IconCloudUpload,
  refused: IconAlertTriangle,
};

/** Where the content is, in words. */
function useStateText(): (state: FileState, isAvailable: boolean, author: string) => string {
  const { t } = useTranslation();
  const errorText = useFileErrorText();
  return (state, isAvailable, author) => {
    const { place, transfer, refusal } = state;
    if (transfer !== null) {
      const percent = Math.floor((100 * transfer.done) / Math.max(1, transfer.total));
      return t(transfer.direction === 'up' ? 'files.state.sending' : 'files.state.fetching', { percent });
    }
    if (place === 'refused') return t('files.state.refused', { why: refusal === null ? '' : errorText(refusal) });
    if (place === 'waiting') return t('files.state.waiting');
    if (place === 'copy') return t('files.state.copy');
    if (refusal !== null) return t('files.state.failed', { why: errorText(refusal) });
    return isAvailable ? t('files.state.server') : t('files.state.notSent', { name: author });
  };
}

export function FileRow(props: {
  readonly file: LocalRecord;
  readonly author: string;
  readonly state: FileState;
  readonly canRemove: boolean;
  readonly canOpen: boolean;
  readonly actions: FileActions;
  readonly extra?: ReactNode;
  /** Number of this version, where there are several. */
  readonly version?: number;
  readonly versions?: { readonly count: number; readonly isOpen: boolean; readonly toggle: () => void };
  readonly isOlder?: boolean;
}) {
  const { t } = useTranslation();
  const format = useFormat();
  const names = useNames();
  const stateText = useStateText();
  const { file, state, actions } = props;
  const name = documentName(file);
  const [kind, status] = [textOf(file['documentKind']), textOf(file['status'])];
  const mediaType = textOf(file['mediaType']);
  const sizeBytes = Number(file['sizeBytes']);
  const isAvailable = typeof file['availableAt'] === 'string';
  const isHere = state.place === 'copy' || state.place === 'waiting' || state.place === 'refused';
  const canReach = isHere || isAvailable;
  const canPreview = canReach && isPreviewable({ mediaType, sizeBytes });
  const canOpen = canReach && props.canOpen && findOpenRefusal(textOf(file['name']), mediaType) === null;
  const act = canPreview ? actions.preview : canOpen ? actions.open : actions.save;
  return (
    <li
      className={classes.row}
      data-older={props.isOlder === true}
      data-testid="file"
      data-file={file.id}
      data-place={state.place}
    >
      <span className={classes.icon} aria-hidden>
        {createElement(iconOf(mediaType), { size: 17 })}
      </span>
      <div>
        {canReach ? (
          <UnstyledButton className={classes.name} onClick={act} title={name}>
            {name}
          </UnstyledButton>
        ) : (
          <span className={classes.name} title={name}>
            {name}
          </span>
        )}
        <div className={classes.meta}>
          {props.version === undefined ? null : <span>{t('files.version', { number: props.version })}</span>}
          {kind === '' ? null : <span>{names.option(entities.file, 'documentKind', kind)}</span>}
          {status === '' ? null : (
            <span className={classes.status} data-status={status}>
              {names.option(entities.file, 'status', status)}
            </span>
          )}
          {props.extra}
          <span>{format.bytes(sizeBytes)}</span>
          <span>{[props.author, format.instant(file.createdAt)].filter((part) => part !== '').join(' · ')}</span>
          <span className={classes.state} data-place={state.place} data-problem={state.refusal !== null}>
            {createElement(placeIcons[state.place], { size: 13 })}
            {stateText(state, isAvailable, props.author)}
          </span>
          {state.isPinned ? (
            <span className={classes.state}>
              <IconPin size={13} aria-hidden />
              {t('files.pinned')}
            </span>
          ) : null}
          {state.place === 'waiting' ? null : <PendingMark pending={file.pending} />}
        </div>
      </div>
      <div className={classes.actions}>
        {props.versions === undefined ? null : (
          <Button
            variant="subtle"
            color="gray"
            size="compact-xs"
            aria-expanded={props.versions.isOpen}
            onClick={props.versions.toggle}
          >
            {t(props.versions.isOpen ? 'files.hideVersions' : 'files.showVersions', { count: props.versions.count })}
          </Button>
        )}
        {canReach ? (
          <Tooltip label={t('files.saveAs')}>
            <ActionIcon
              variant="subtle"
              color="gray"
              aria-label={t('files.saveNamed', { name })}
              onClick={actions.save}
            >
              <IconDownload size={16} />
            </ActionIcon>
          </Tooltip>
        ) : null}
        <Menu position="bottom-end">
          <Menu.Target>
            <ActionIcon variant="subtle" color="gray" aria-label={t('files.moreOf', { name })}>
              <IconDots size={16} />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            {canOpen ? (
              <Menu.Item leftSection={<IconExternalLink size={15} />} onClick={actions.open}>
                {t('files.open')}
              </Menu.Item>
            ) : null}
            {state.place === 'refused' || state.refusal !== null ? (
              <Menu.Item leftSection={<IconRefresh size={15} />} onClick={actions.retry}>
                {t('files.retry')}
              </Menu.Item>
            ) : null}
            <Menu.Item
              leftSection={state.isPinned ? <IconPinnedOff size={15} /> : <IconPin size={15} />}
              onClick={() => actions.pin(!state.isPinned)}
            >
              {state.isPinned ? t('files.unpin') : t('files.pin')}
            </Menu.Item>
            {props.canRemove && actions.addVersion !== undefined ? (
              <Menu.Item leftSection={<IconVersions size={15} />} onClick={actions.addVersion}>
                {t('files.newVersion')}
              </Menu.Item>
            ) : null}
            {props.canRemove ? (
              <Menu.Item leftSection={<IconPencil size={15} />} onClick={actions.edit}>
                {t('files.edit')}
              </Menu.Item>
            ) : null}
            {props.canRemove ? (
              <Menu.Item leftSection={<IconTrash size={15} />} color="var(--op-danger)" onClick={actions.remove}>
                {t('common.delete')}
              </Menu.Item>
            ) : null}
          </Menu.Dropdown>
        </Menu>
      </div>
    </li>
  );
}
