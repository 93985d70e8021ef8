"""The words people put into cells for grades, states and "nothing", and the one spelling we give them."""

from __future__ import annotations

from typing import Final

NOTHING: Final = frozenset({
    "", "-", "--", "—", "–", "n/a", "na", "n.a.", "none", "nil", "null", "not applicable", "keine", "entfällt",
    "k.a.", "sans objet", "s.o.", "ninguno", "なし", "該当なし", "unassigned", "nobody", "?",
})  # fmt: skip


def _by_word(table: str) -> dict[str, str]:
    lines = [line.partition(":") for line in table.strip().splitlines()]
    return {word.strip(): meaning for meaning, _, words in lines for word in words.split("|")}


_GRADES: Final = """
critical: critical | crit | mission critical | blocker | very high | severe | catastrophic | extreme | kritisch
critical: sehr hoch | critique | crítico | critico | 致命的 | 重大 | 最高
high: high | hi | h | major | significant | serious | hoch | schwer | schwerwiegend | hauptabweichung | élevé
high: elevé | élevée | majeur | majeure | alto | alta | mayor | 高 | 高い | 重要 | hoog
medium: medium | med | m | moderate | mid | mittel | normal | moyen | moyenne | modéré | medio | media
medium: moderado | 中 | 中程度 | gemiddeld
low: low | lo | l | minor | small | niedrig | gering | leicht | nebenabweichung | faible | mineur | mineure
low: bajo | baja | menor | 低 | 低い | 軽微 | laag
note: info | informational | information | observation | negligible | trivial | opportunity for improvement
note: ofi | hinweis | beobachtung | verbesserungspotenzial | remarque | very low | sehr gering | 参考
"""
GRADES: Final = _by_word(_GRADES)

_STATES: Final = """
open: open | new | opened | reopened | not started | to do | todo | identified | raised | offen | neu
open: nicht begonnen | ouvert | ouverte | nouveau | à faire | abierto | abierta | nuevo | 未着手 | 未確認
open: 開ける | オープン | 未対応 | non conformant | non-conformant | noncompliant | non-compliant | fail
open: failed | not verified | not met | open item
working: in progress | in work | wip | ongoing | on going | started | assigned | in bearbeitung | laufend
working: begonnen | en cours | en curso | en proceso | 進行中 | 対応中 | 作業中 | partially | partial | partly
working: in process | active | needs improvement
waiting: pending | waiting | on hold | hold | blocked | deferred | awaiting approval | in review | under review
waiting: for review | submitted | wartend | zurückgestellt | in prüfung | en attente | suspendu | pendiente
waiting: en espera | 保留 | 確認中 | 待ち
closed: closed | done | complete | completed | resolved | finished | fulfilled | verified | implemented
closed: closed out | passed | pass | conformant | compliant | fully | geschlossen | erledigt | abgeschlossen
closed: umgesetzt | fertig | clos | clôturé | fermé | terminé | soldé | cerrado | cerrada | completado
closed: terminado | 完了 | 達成 | 済 | クローズ | 終了
cancelled: cancelled | canceled | rejected | void | withdrawn | dropped | duplicate | not required | storniert
cancelled: abgelehnt | verworfen | annulé | rejeté | cancelado | anulado | 取消 | 中止 | 必須ではありません
cancelled: 該当なし
"""
STATES: Final = _by_word(_STATES)
