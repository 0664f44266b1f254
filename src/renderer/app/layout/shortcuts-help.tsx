import { Kbd, Modal, Table } from '@mantine/core';
import { useTranslation } from 'react-i18next';

const rows: readonly (readonly [readonly string[], string])[] = [
  [['Ctrl', 'K'], 'palette'],
  [['/'], 'search'],
  [['n'], 'newDeal'],
  [['l'], 'logActivity'],
  [['t'], 'newTask'],
  [['w'], 'writeMail'],
  [['g', 'p'], 'goPipeline'],
  [['g', 'd'], 'goDeals'],
  [['g', 'a'], 'goAccounts'],
  [['g', 'c'], 'goContacts'],
  [['g', 'l'], 'goLeads'],
  [['g', 't'], 'goTasks'],
  [['g', 'h'], 'goHome'],
  [['g', 'i'], 'goAttention'],
  [['g', 'n'], 'goInbox'],
  [['g', 'm'], 'goMail'],
  [['j', 'k'], 'nextMail'],
  [['r', 'a', 'f'], 'answerMail'],
  [['Alt', '← →'], 'backForward'],
  [['Space', '← →'], 'moveCard'],
  [['Enter'], 'open'],
  [['F2'], 'editCell'],
  [['Space'], 'chooseRow'],
  [['Ctrl', 'Enter'], 'saveForm'],
  [['Ctrl', 'Z'], 'undo'],
  [['?'], 'help'],
];

export function ShortcutsHelp(props: { readonly isOpen: boolean; readonly onClose: () => void }) {
  const { t } = useTranslation();
  return (
    <Modal
      opened={props.isOpen}
      onClose={props.onClose}
      title={t('shortcuts.title')}
      size="md"
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      <Table verticalSpacing={6}>
        <Table.Tbody>
          {rows.map(([keys, key]) => (
            <Table.Tr key={key}>
              <Table.Td>{t(`shortcuts.${key}`)}</Table.Td>
              <Table.Td ta="right" style={{ whiteSpace: 'nowrap' }}>
                {keys.map((name) => (
                  <Kbd key={name} ml={4}>
                    {t(`shortcuts.keys.${name}`, { defaultValue: name })}
                  </Kbd>
                ))}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Modal>
  );
}
