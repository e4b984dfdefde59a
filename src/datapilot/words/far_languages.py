"""What words of business mean in Chinese, Japanese, Korean, Arabic, Russian, Turkish, Polish, Greek, Hebrew and Hindi.

Arabic nouns stand with and without their article; of languages with cases only the forms that name a column.
"""

PROFITS = frozenset({
    "利润", "利潤", "毛利", "净利", "盈利", "利益", "粗利", "이익", "순이익", "마진", "ربح", "الربح",
    "أرباح", "الأرباح", "прибыль", "маржа", "kâr", "kar", "zysk", "zyski", "marża", "κέρδος", "κέρδη",
    "רווח", "רווחים", "लाभ", "मुनाफा", "मुनाफ़ा",
})  # fmt: skip
CAME_IN = frozenset({
    "收入", "营收", "營收", "销售额", "銷售額", "売上", "売上高", "収入", "入金", "매출", "매출액",
    "수입", "입금", "إيرادات", "الإيرادات", "مبيعات", "المبيعات", "دخل", "الدخل", "выручка", "доход",
    "доходы", "поступления", "поступление", "приход", "продажи", "gelir", "gelirler", "ciro", "satış",
    "satışlar", "przychód", "przychody", "wpływy", "sprzedaż", "έσοδα", "πωλήσεις", "εισπράξεις",
    "הכנסה", "הכנסות", "מכירות", "आय", "आमदनी", "बिक्री", "राजस्व",
})  # fmt: skip
WENT_OUT = frozenset({
    "支出", "费用", "費用", "成本", "経費", "原価", "出金", "税金", "지출", "비용", "원가", "출금",
    "세금", "مصروفات", "المصروفات", "نفقات", "النفقات", "تكلفة", "التكلفة", "تكاليف", "التكاليف",
    "ضريبة", "расход", "расходы", "затраты", "себестоимость", "налог", "налоги", "gider", "giderler",
    "maliyet", "masraf", "masraflar", "vergi", "koszt", "koszty", "wydatki", "podatek", "podatki",
    "έξοδα", "δαπάνες", "κόστος", "φόρος", "φόροι", "הוצאה", "הוצאות", "עלות", "עלויות", "מס", "खर्च",
    "व्यय", "लागत", "कर",
})  # fmt: skip
LEVELS = frozenset({
    "人口", "库存", "庫存", "余额", "餘額", "在庫", "残高", "인구", "재고", "잔액", "سكان", "السكان",
    "مخزون", "المخزون", "رصيد", "الرصيد", "население", "остаток", "остатки", "запас", "запасы",
    "баланс", "nüfus", "stok", "bakiye", "ludność", "zapas", "zapasy", "πληθυσμός", "απόθεμα",
    "υπόλοιπο", "אוכלוסייה", "מלאי", "יתרה", "जनसंख्या", "भंडार", "शेष",
})  # fmt: skip
PROMISED = frozenset({
    "计划", "計劃", "预计", "預計", "到期", "予定", "期限", "예정", "마감", "만기", "استحقاق",
    "الاستحقاق", "плановая", "план", "срок", "planlanan", "vade", "termin", "planowana", "planowany",
    "λήξη", "προθεσμία", "יעד", "नियत", "देय",
})  # fmt: skip
# What becomes of orders, customers and contracts.
EVENTS = frozenset({
    "退货", "退貨", "流失", "取消", "返品", "解約", "キャンセル", "반품", "이탈", "취소", "해지",
    "مرتجع", "إلغاء", "возврат", "отток", "отмена", "iade", "iptal", "zwrot", "rezygnacja", "επιστροφή",
    "ακύρωση", "החזרה", "ביטול", "נטישה", "वापसी", "रद्द",
})  # fmt: skip
# Of these languages some put no spaces between words.
UNSPACED = frozenset(
    word for word in PROFITS | CAME_IN | WENT_OUT | LEVELS | PROMISED | EVENTS
    if "\u3040" <= word[0] <= "\u9fff" or "\uac00" <= word[0] <= "\ud7a3"
)  # fmt: skip
