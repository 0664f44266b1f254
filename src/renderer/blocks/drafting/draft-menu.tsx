// Writes a text from what is known of a record, makes it shorter, or addresses somebody otherwise. It works without a network;
// what it does is always taken back with one click, and nobody sends anything by it.
import { Button, Popover, SegmentedControl, Stack, Text } from '@mantine/core';
import { IconArrowBackUp, IconWand } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ModelPreview } from '#renderer/blocks/drafting/model-preview.tsx';
import { useDraftingState } from '#renderer/blocks/drafting/use-drafting-state.ts';
import { useIsOnline } from '#renderer/blocks/use-is-online.ts';
import type { ModelRequest, ModelTask } from '#shared/sync/drafting-messages.ts';
import { useDraftFacts, type DraftedRecord } from '#renderer/blocks/drafting/use-draft-facts.ts';
import { changeTone, shortenText } from '#shared/drafting/change-text.ts';
import {
  draftIntents,
  draftLanguages,
  draftTones,
  type DraftFacts,
  type DraftLanguage,
  type DraftTone,
} from '#shared/drafting/draft-types.ts';
import { writeDraft } from '#shared/drafting/write-draft.ts';
import classes from './draft-menu.module.css';

export interface DraftMenuProps {
  /** What is written so far. */
  readonly text: string;
  /** The new text; with a subject where a whole mail was written. */
  readonly onText: (text: string, subject?: string) => void;
  /** What it is about; null where nothing is known. */
  readonly record: DraftedRecord | null;
}

/** As much as a request holds. */
const MOST_LETTERS = 10_000;
const MOST_FACT_LETTERS = 300;

/** Facts as a request carries them. */
function sendable({ lastTalk, freeDays, ...named }: DraftFacts): ModelRequest['facts'] {
  const cut = Object.entries(named).map(([name, value]) => [name, value.slice(0, MOST_FACT_LETTERS)]);
  return {
    ...Object.fromEntries(cut),
    ...(lastTalk === undefined ? {} : { lastTalk }),
    ...(freeDays === undefined ? {} : { freeDays: [...freeDays] }),
  };
}

export function DraftMenu(props: DraftMenuProps) {
  const { t, i18n } = useTranslation();
  const [isOpen, setOpen] = useState(false);
  const [language, setLanguage] = useState<DraftLanguage>(i18n.language.startsWith('de') ? 'de' : 'en');
  const [tone, setTone] = useState<DraftTone>('formal');
  const [before, setBefore] = useState<string | null>(null);
  const [hasAddress, setHasAddress] = useState(false);
  const [task, setTask] = useState<ModelTask | null>(null);
  const isOnline = useIsOnline();
  const model = useDraftingState(isOpen && isOnline);
  const facts = useDraftFacts(isOpen || task !== null ? props.record : null, language);
  const isEmpty = props.text.trim() === '';

  function put(text: string, subject?: string): void {
    setBefore(props.text);
    props.onText(text, subject);
  }

  function write(intent: (typeof draftIntents)[number]): void {
    const draft = writeDraft({ intent, language, tone }, facts);
    setHasAddress(false);
    put(draft.text, draft.subject);
    setOpen(false);
  }

  function retone(next: DraftTone): void {
    setTone(next);
    const changed = changeTone(props.text, language, next, facts);
    setHasAddress(changed.hasAddress);
    put(changed.text);
  }

  return (
    <>
      <Popover opened={isOpen} onChange={setOpen} position="bottom-start" shadow="md" width={310} trapFocus returnFocus>
        <Popover.Target>
          <Button
            size="xs"
            variant="default"
            leftSection={<IconWand size={15} />}
            aria-haspopup="dialog"
            // Escape is the menu's, also before the focus has moved into it: a dialog around it must not take it for its own.
            data-mantine-stop-propagation={isOpen}
            onKeyDown={(event) => {
              if (event.key === 'Escape') setOpen(false);
            }}
            onClick={() => setOpen(!isOpen)}
          >
            {t('drafting.open')}
          </Button>
        </Popover.Target>
        <Popover.Dropdown aria-label={t('drafting.open')} data-mantine-stop-propagation="true">
          <Stack gap="xs">
            <SegmentedControl
              size="xs"
              fullWidth
              aria-label={t('drafting.language')}
              value={language}
              onChange={setLanguage}
              data={draftLanguages.map((value) => ({ value, label: t(`drafting.languages.${value}`) }))}
            />
            <SegmentedControl
              size="xs"
              fullWidth
              aria-label={t('drafting.tone')}
              value={tone}
              onChange={setTone}
              data={draftTones.map((value) => ({ value, label: t(`drafting.tones.${value}`) }))}
            />
            <section aria-label={t('drafting.write')}>
              <h3 className={classes.heading}>{t('drafting.write')}</h3>
              {draftIntents.map((intent) => (
                <button key={intent} type="button" className={classes.item} onClick={() => write(intent)}>
                  {t(`drafting.intents.${intent}`)}
                </button>
              ))}
            </section>
            <section aria-label={t('drafting.change')}>
              <h3 className={classes.heading}>{t('drafting.change')}</h3>
              <button
                type="button"
                className={classes.item}
                disabled={isEmpty}
                onClick={() => put(shortenText(props.text, language))}
              >
                {t('drafting.shorten')}
              </button>
              {draftTones.map((value) => (
                <button
                  key={value}
                  type="button"
                  className={classes.item}
                  disabled={isEmpty}
                  onClick={() => retone(value)}
                >
                  {t(`drafting.make.${value}`)}
                </button>
              ))}
              {before === null ? null : (
                <button
                  type="button"
                  className={classes.item}
                  onClick={() => {
                    props.onText(before);
                    setBefore(null);
                    // The button is gone with what it went back to: the focus returns to where the menu was opened.
                    setOpen(false);
                  }}
                >
                  <IconArrowBackUp size={14} aria-hidden /> {t('drafting.back')}
                </button>
              )}
            </section>
            {model.isOn && isOnline ? (
              <section aria-label={t('drafting.model.heading', { model: model.model })}>
                <h3 className={classes.heading}>{t('drafting.model.heading', { model: model.model })}</h3>
                {(['write', 'shorten', 'retone'] as const).map((value) => (
                  <button
                    key={value}
                    type="button"
                    className={classes.item}
                    disabled={value !== 'write' && isEmpty}
                    onClick={() => {
                      setTask(value);
                      setOpen(false);
                    }}
                  >
                    {t(`drafting.model.tasks.${value}`)}
                  </button>
                ))}
              </section>
            ) : null}
            <Text size="xs" className="op-muted" role="status">
              {t(hasAddress ? 'drafting.lookAtAddress' : 'drafting.offline')}
            </Text>
          </Stack>
        </Popover.Dropdown>
      </Popover>
      {task === null ? null : (
        <ModelPreview
          request={{
            task,
            intent: 'followUp',
            language,
            tone,
            facts: sendable(facts),
            text: props.text.slice(0, MOST_LETTERS),
          }}
          state={model}
          onText={(text) => put(text)}
          onClose={() => setTask(null)}
        />
      )}
    </>
  );
}
