"""The words people put over columns, in several languages. Data only: add a word here, not a rule elsewhere.

A line is a field, a weight and words. A weight of 1 means the word stands for the field and nothing else; low
weights win only where nothing better is there.
"""

from __future__ import annotations

from typing import Final

WORDS: Final = """
key 1: id | no | nr | number | key | ref | ref no | reference | reference no | reference number | identifier
key 1: unique id | record id | item id | item no | case id | case no | ticket | ticket id | ticket no
key 1: issue id | issue no | risk id | risk no | finding id | finding no | finding number | capa id | capa no
key 1: capa number | action id | action no | requirement id | control id | test case id | change id | poam id
key 1: poa m id | cve id | guid | uuid | rec id | id no | serial | sl no | s no | index
key 1: lfd nr | laufende nummer | nummer | kennung | kennzeichen | vorgangsnummer | feststellung nr
key 1: massnahmen nr | numéro | numero | réf | référence | identifiant | código | codigo | número | codice
key 1: volgnummer | 番号 | 項番 | 管理番号 | id番号 | 编号 | номер
key 0.6: code | item | entry | row | position | pos | record
title 1: title | subject | summary | headline | short text | short title | issue title | risk title
title 1: finding title | task name | weakness name | vulnerability name | risk name | issue name
title 1: test case name | action name | checklist item | finding summary | issue summary | name of finding
title 1: milestone name | project name | change title | capa title
title 1: titel | betreff | kurztext | kurzbeschreibung | bezeichnung | titre | intitulé | libellé | objet
title 1: título | titulo | asunto | titolo | oggetto | onderwerp
title 1: 件名 | タイトル | 題名 | 項目 | チェック項目 | 标题 | название
title 0.85: issue | finding | observation | problem | nonconformity | non conformity | nonconformance
title 0.85: non conformance | deviation | task | action item | risk statement | recommendation
title 0.85: benchmark recommendation | requirement | risk event | defect | milestone | measure | initiative
title 0.85: change | request | question | topic | weakness | vulnerability | incident | complaint
title 0.85: feststellung | abweichung | massnahme | maßnahme | vorgang | aufgabe | thema | constat | écart
title 0.85: anomalie | hallazgo | no conformidad | non conformità | afwijking | bevinding | 不適合 | 指摘事項 | 課題
title 0.85: 问题
title 0.7: name | risk description | issue description | workload | risk | action | activity | statement | item
title 0.7: control | test case | what | opportunity | project | event | requirement text | corrective action
title 0.7: document | deliverable
description 1: description | details | detail | long description | short description | full description
description 1: problem description | finding description | issue description | risk description
description 1: weakness description | description of finding | description of issue
description 1: description of nonconformity | problem statement | detailed description
description 1: beschreibung | sachverhalt | problembeschreibung | fehlerbeschreibung | einzelheiten
description 1: descriptif | détails | descripción | descripcion | detalle | descrizione | dettagli
description 1: omschrijving | beschrijving | toelichting | 説明 | 内容 | 詳細 | 不適合内容 | 描述 | описание
description 0.8: explanation | narrative | background | observation | finding | what happened | body
description 0.8: impact description
description 0.6: guidance | customer guidance | statement | feststellung | constat | issue | problem | text
description 0.6: definition | context | question
owner 1: owner | assigned to | assignee | responsible | responsible person | person responsible | action owner
owner 1: risk owner | issue owner | process owner | capa owner | point of contact | poc | accountable
owner 1: responsibility | handler | assigned | in charge | person in charge | pic | action by | actionee
owner 1: responsible party
owner 1: verantwortlich | verantwortlicher | verantwortliche | verantwortung | zuständig | zuständige person
owner 1: zuständigkeit | bearbeiter | wer | responsable | pilote | porteur | assigné à | attribué à
owner 1: propietario | encargado | asignado a | responsabile | assegnato a | eigenaar | verantwoordelijke | 担当
owner 1: 担当者 | 責任者 | 负责人 | ответственный
owner 0.85: members | member | lead | leader | who | contact | contact person | owner name | assigned resource
owner 0.4: raised by | reported by | identified by | created by | updated by | entered by | auditor | author
owner 0.4: submitted by | gemeldet von | erfasst von | erstellt von | signalé par | créé par | reporter
owner 0.4: reportado por | 起票者 | 報告者
due 1: due | due date | due by | due on | deadline | target date | target completion | target completion date
due 1: date due | scheduled completion date | planned completion date | planned completion | completion due
due 1: target close date | planned end | planned end date | planned finish | finish by | complete by
due 1: expected completion | resolve by | target resolution date | required by | expected completion date
due 1: planned date | completion target | eta | due dt
due 1: fällig | fällig am | fälligkeit | fälligkeitsdatum | termin | zieltermin | frist | bis wann | solltermin
due 1: soll termin | erledigen bis | zu erledigen bis | zieldatum | échéance | date d échéance | date limite
due 1: délai | date cible | fecha límite | fecha limite | vencimiento | fecha de vencimiento | scadenza
due 1: data di scadenza | vervaldatum | streefdatum | deadline datum | 期限
due 1: 期日 | 完了予定日 | 納期 | 対応期限 | 截止日期
due 1: срок
due 0.5: end date | finish | finish date | completion date | target | review date | next review
raised 1: raised | date raised | raised on | raised date | opened | date opened | opened on | open date
raised 1: created | created on | created at | date created | creation date | date identified | identified on
raised 1: identified | identification date | detection date | original detection date | detected on
raised 1: date detected | discovered | discovery date | date discovered | reported | reported on
raised 1: date reported | report date | logged | date logged | logged on | date added | added | added on
raised 1: issue date | date of issue | found on | date found | finding date | date of finding | entry date
raised 1: received | date received | issued
raised 1: erfasst am | erfasst | erstellt am | erstellt | erstelldatum | festgestellt am | gemeldet am
raised 1: eröffnet | eröffnet am | aufgenommen am | erfassungsdatum | feststellungsdatum | date d ouverture
raised 1: date de constat | constaté le | créé le | ouvert le | date de création | détecté le
raised 1: date de détection | fecha de apertura | fecha de creación | abierto el | data di apertura
raised 1: aangemaakt op | datum melding | 起票日 | 発生日 | 登録日
raised 1: 作成日 | 検出日 | 発見日 | 创建日期 | дата создания
raised 0.6: date | datum | fecha | data | start | start date | audit date | date of audit | beginn | 日付
raised 0.35: updated | last updated | modified | document date | date of record
severity 1: severity | criticality | severity level | risk rating | original risk rating | risk level
severity 1: risk class | severity class | impact level | finding grade | finding class | finding classification
severity 1: severity rating | risk category | risk score
severity 1: schweregrad | schwere | kritikalität | einstufung | risikoklasse | risikostufe | gravité
severity 1: criticité | niveau de risque | niveau de gravité | gravedad | severidad | criticidad | gravità
severity 1: criticità | ernst | 重大度 | 重要度 | 深刻度 | 严重程度 | 严重性
severity 0.6: impact | classification | class | grade | rating | auswirkung | bewertung | klassifizierung
severity 0.6: impacto | major minor | klasse
priority 1: priority | prio | priority level | urgency | priorität | dringlichkeit | priorité | urgence
priority 1: prioridad | urgencia | priorità | urgenza | prioriteit | 優先度 | 緊急度 | 优先级 | приоритет
priority 0.5: rank | ranking | moscow
status 1: status | state | current status | item status | issue status | risk status | action status
status 1: capa status | overall status | compliance status | implementation status | workflow state
status 1: open closed | open or closed
status 1: bearbeitungsstatus | bearbeitungsstand | stand | zustand | erledigungsstand | statut | état | etat
status 1: avancement | estado | stato | 状態 | ステータス | 状況 | 進捗 | 対応状況 | 状态 | статус
status 0.6: compliance | compliant | conformity | result | outcome | progress | labels | label | stage
status 0.6: disposition | implemented | closed | verdict | fulfilled | done | erledigt | umgesetzt | ergebnis
closed 1: closed on | date closed | closed date | closure date | close date | closing date | date of closure
closed 1: actual completion date | actual close date | actual completion | resolved on | date resolved
closed 1: resolved date | resolution date | completed on | date completed | completed date | actual end
closed 1: actual end date | actual finish | done on | finished on | closed at
closed 1: geschlossen am | erledigt am | abgeschlossen am | abschlussdatum | schliessdatum | erledigungsdatum
closed 1: ist termin | clôturé le | date de clôture | soldé le | fermé le | fecha de cierre | cerrado el
closed 1: data di chiusura | chiuso il | afgesloten op | gesloten op
closed 1: 完了日 | クローズ日 | 終了日 | 対応完了日 | 关闭日期
closed 0.75: completion date | closed | completed | resolved | closure
comments 1: comments | comment | notes | note | remarks | remark | additional comments | general comments
comments 1: comments notes
comments 1: bemerkung | bemerkungen | kommentar | kommentare | anmerkung | anmerkungen | notiz | notizen
comments 1: hinweise | commentaire | commentaires | remarque | remarques | observaciones | comentarios
comments 1: comentario | note e commenti | commenti | opmerking | opmerkingen | 備考 | コメント | メモ | 备注
comments 1: примечание | примечания
comments 0.6: rationale | requirement rationale | response description | justification | additional information
comments 0.6: progress notes | observations | further information | status update | latest update
comments 0.5: decision | response | annotation | follow up
"""

GENERAL: Final = """
abteilung action actions actual adjustment amount area art asset attachment author batch benefit bereich
budget business case category catégorie cause changes clause conditions control controls corrective cost coût
customer date department dependency detector documents domaine effect effectiveness equipment evidence
expected frequency group kategorie kosten level likelihood link list location lot main massnahmen milestones
month nachweis name org origine phase plan points preuve preventive probability process processus product
produit produkt prozess purpose quantity quelle query requirement residual resource resources responsible risk
root saving savings score section service site source standard standort strategy sub supplier supporting test
tool training type unit url ursache vendor verification version week wirksamkeit year
"""
"""Words of registers that stand for no field of ours, but show that a cell is a header."""

NAMED_THINGS: Final = """
action case change control defect event finding issue item measure milestone problem project requirement risk
task vulnerability weakness
"""
"""Before "name", these make a title: weakness name, task name."""

FOREIGN_KEYS: Final = """
asset batch clause contract cost customer document employee invoice line lot order page parent part phone
plugin process product project related room serial source supplier telephone user vendor version
"""
"""Before "id" or "no", these make the key of something else: asset id, batch no."""
