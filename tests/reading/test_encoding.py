"""Bytes become the characters their writer saw, or the receipt says what was assumed."""

import pytest

from datapilot.reading.encoding import decide_encoding

pytestmark = pytest.mark.spec("A3")

TEXT = "name,city\nJürgen,Köln\nFrançoise,Orléans\nAnna,Łódź\n"
WESTERN = "name,city\nJürgen,Köln\nFrançoise,Orléans\nAnna,Malmö\n"


@pytest.mark.parametrize(
    ("encoding", "label"),
    [
        ("utf-8", "UTF-8"),
        ("utf-8-sig", "UTF-8 with BOM"),
        ("utf-16", "UTF-16 (little endian) with BOM"),
        ("utf-16-le", "UTF-16 (little endian)"),
        ("utf-16-be", "UTF-16 (big endian)"),
    ],
)
def test_unicode_encodings_are_recognised(read_text, encoding, label):
    """With or without a byte order mark, Unicode text is told by its bytes."""
    read = read_text(TEXT.encode(encoding))

    assert read.receipt.encoding == label
    assert read.values("city") == ["Köln", "Orléans", "Łódź"]
    assert read.names == ["name", "city"]


def test_western_bytes_are_windows_1252_and_said(read_text):
    """Bytes that are not UTF-8 are read as Windows-1252, and the receipt says so."""
    read = read_text(WESTERN.encode("cp1252"))

    assert read.values("city") == ["Köln", "Orléans", "Malmö"]
    assert read.receipt.encoding == "Windows-1252"
    assert "assumed" in (read.receipt.encoding_note or "")


def test_cyrillic_code_page_is_told_by_its_letters(read_text):
    """Letter statistics tell Cyrillic from Western text."""
    lines = [
        "имя,город",
        *["Анна Петровна живёт в городе,Москва", "Борис Иванович работает на заводе,Новосибирск"] * 20,
    ]

    read = read_text("\n".join(lines).encode("cp1251"))

    assert read.values("город")[:2] == ["Москва", "Новосибирск"]


@pytest.mark.parametrize(
    ("codec", "cells"),
    [
        ("cp1253", ["Λεωνιδας", "Αλεξανδρος", "Μυρων", "Ευστοργιος"]),
        ("cp1253", ["ΑΘΗΝΑ", "ΘΕΣΣΑΛΟΝΙΚΗ", "ΠΑΤΡΑ", "ΗΡΑΚΛΕΙΟ", "ΛΑΡΙΣΑ"]),
        ("cp1251", ["Харків", "Одеса", "Дніпро", "Донецьк", "Запоріжжя"]),
        ("cp932", ["ﾔﾏﾀﾞ ﾀﾛｳ", "ｻﾄｳ ﾊﾅｺ", "ｽｽﾞｷ ｲﾁﾛｳ", "ﾀｶﾊｼ ｹﾝ", "ﾜﾀﾅﾍﾞ ｼｮｳ"]),
    ],
    ids=["Greek", "Greek capitals", "Ukrainian", "katakana of half width"],
)
def test_a_few_words_of_another_alphabet_are_told_apart(read_text, codec, cells):
    """Vowels tell Greek from Cyrillic, and what no Japanese writes tells capitals from katakana."""
    read = read_text(("name,n\n" + "".join(f"{cell},{n}\n" for n, cell in enumerate(cells))).encode(codec))

    assert read.values("name") == cells


def test_mixed_encodings_are_read_line_by_line(read_text):
    """A file put together from two sources keeps both readable."""
    content = b"name,city\n" + "Jürgen,Köln\n".encode() * 10 + "François,Orléans\n".encode("cp1252") * 3

    read = read_text(content)

    assert set(read.values("city")) == {"Köln", "Orléans"}
    assert "3 lines are not valid UTF-8" in (read.receipt.encoding_note or "")


def test_undefined_bytes_of_windows_1252_do_not_stop_the_file(read_text):
    """Five bytes have no character there; they are kept, not refused."""
    read = read_text(b"name,city\nA\x81B,K\xf6ln\nC,D\n")

    assert read.table.row_count == 2
    assert read.values("city")[0] == "Köln"


SHORT_TABLES = [
    (
        "Chinese",
        ("gb18030", "gbk"),
        "省份,城市,姓名\n广东,深圳,王小明\n浙江,杭州,李芳\n四川,成都,张伟\n江苏,南京,刘洋\n湖北,武汉,陈静",
    ),
    (
        "Chinese bank",
        ("gbk",),
        "日期,摘要,金额,余额\n2024-01-05,工资,1000.00,5000.00\n2024-01-06,转账支出,-200.00,4800.00\n2024-01-07,消费,-50,4750",
    ),
    ("Taiwanese", ("big5",), "縣市,姓名,金額\n臺北市,陳怡君,100\n高雄市,林志明,200\n臺中市,黃淑芬,300"),
    ("Korean", ("cp949", "euc_kr"), "이름,도시,금액\n김민수,서울,100\n이영희,부산,200\n박철수,대구,300"),
    (
        "Japanese",
        ("cp932", "euc_jp"),
        "氏名,都道府県,金額\n山田太郎,東京都,100\n佐藤花子,大阪府,200\n鈴木一郎,北海道,300",
    ),
    (
        "Japanese kana",
        ("cp932", "euc_jp"),
        "商品,カテゴリ\nりんごジュース,飲み物\nノートパソコン,電化製品\nチョコレート,お菓子",
    ),
    (
        "Russian",
        ("cp1251", "koi8_r", "cp866", "iso8859_5"),
        "Имя,Город,Сумма\nИван Петров,Москва,100\nАнна Сидорова,Казань,200\nОлег Кузнецов,Тверь,300",
    ),
    ("Ukrainian", ("cp1251", "koi8_u"), "Ім'я,Місто\nОлена Шевченко,Київ\nІван Франко,Львів\nЛеся Українка,Одеса"),
    ("Bulgarian", ("cp1251",), "Име,Град\nГеорги Иванов,София\nМария Петрова,Пловдив\nИван Димитров,Варна"),
    (
        "Greek",
        ("cp1253", "iso8859_7"),
        "Όνομα,Πόλη\nΓιώργος Παπαδόπουλος,Αθήνα\nΜαρία Ιωάννου,Πάτρα\nΝίκος Δημητρίου,Βόλος",
    ),
    (
        "Polish",
        ("cp1250", "iso8859_2"),
        "Imię,Miasto\nŁukasz Wiśniewski,Łódź\nMałgorzata Dąbrowska,Kraków\nJózef Gąsior,Gdańsk",
    ),
    (
        "Czech",
        ("cp1250", "iso8859_2"),
        "Jméno,Město\nJiří Dvořák,Plzeň\nKateřina Černá,České Budějovice\nTomáš Šťastný,Třebíč",
    ),
    (
        "Hungarian",
        ("cp1250", "iso8859_2"),
        "Név,Város\nSzabó Győző,Győr\nTóth Zsófia,Hódmezővásárhely\nKovács Ödön,Székesfehérvár",
    ),
    (
        "Romanian",
        ("cp1250", "iso8859_2"),
        "Nume,Oraş\nŞtefan Ionescu,Iaşi\nIoana Ţurcanu,Constanţa\nMădălina Popa,Braşov",
    ),
    ("Croatian", ("cp1250",), "Ime,Grad\nŽeljko Šimić,Šibenik\nĐurđica Čović,Čakovec\nIvana Žagar,Karlovac"),
    (
        "Turkish",
        ("cp1254", "iso8859_9"),
        "Ad,Şehir\nGülşen Yıldız,İstanbul\nÇağrı Öztürk,Eskişehir\nAyşegül Doğan,Muğla",
    ),
    ("Hebrew", ("cp1255",), "שם,עיר\nיוסי כהן,תל אביב\nרונית לוי,ירושלים\nמשה מזרחי,באר שבע\nדנה פרץ,נתניה"),
    ("Arabic", ("cp1256",), "الاسم,المدينة\nمحمد أحمد,القاهرة\nفاطمة علي,الرياض\nيوسف حسن,دمشق\nخالد عمر,بغداد"),
    ("Thai", ("cp874",), "ชื่อ,เมือง\nสมชาย ใจดี,กรุงเทพ\nสมหญิง รักไทย,เชียงใหม่\nประเสริฐ,ภูเก็ต"),
    ("Lithuanian", ("cp1257",), "Vardas,Miestas\nŽygimantas Šukys,Šiauliai\nRūta Čepaitė,Panevėžys\nJūratė,Klaipėda"),
    (
        "German",
        ("cp1252", "cp850", "mac_roman", "cp437"),
        "Name,Stadt\nJürgen Müller,Köln\nBärbel Schröder,München\nGünther Groß,Nürnberg",
    ),
    (
        "French",
        ("cp1252", "cp850", "mac_roman"),
        "Prénom,Ville\nHélène Lefèvre,Besançon\nFrançois Noël,Orléans\nZoé Bérénice,Saint-Étienne",
    ),
    ("Spanish", ("cp1252", "cp850"), "Nombre,Ciudad\nJosé Muñoz,Málaga\nBegoña Ibáñez,Logroño\nÍñigo Peña,Córdoba"),
    ("Portuguese", ("cp1252",), "Nome,Cidade\nJoão Conceição,São Paulo\nInês Simões,Brasília\nAntônio,Belém"),
    ("Swedish", ("cp1252",), "Namn,Stad\nÅsa Öberg,Västerås\nJörgen Sjöström,Malmö\nMärta,Örebro"),
    ("symbols", ("cp1252",), "item,price,temp\nA,£100,25°C\nB,£20½,30°C\nC,€30 – sale,±5\nD,“quoted”,10µm"),
]


@pytest.mark.parametrize(
    ("codec", "text"),
    [
        pytest.param(codec, text, id=f"{language}, {codec}")
        for language, codecs, text in SHORT_TABLES
        for codec in codecs
    ],
)
def test_short_tables_of_all_languages_keep_their_letters(tmp_path, codec, text):
    """Three rows are enough to tell the code page by the words that it makes; another one that says the same is as
    good."""
    written = f"{text}\n".encode(codec)
    path = tmp_path / "table.csv"
    path.write_bytes(written)

    found = decide_encoding(path)

    assert written.decode(found.codec) == f"{text}\n"
    assert found.note is not None
    assert f"{found.label} is assumed" in found.note


def test_text_that_was_encoded_twice_is_read_as_meant(read_text):
    """Lines whose UTF-8 was taken for Windows-1252 and written again are undone one by one, and the receipt says it."""
    twice = "Köln,1\nMünchen – „Süd“,2\n".encode().decode("cp1252", errors="western")

    read = read_text(f"city,n\n{twice}Zürich,3\nSão Â,4\n".encode())

    assert read.values("city") == ["Köln", "München – „Süd“", "Zürich", "São Â"]
    assert read.receipt.encoding == "UTF-8 encoded twice"
    assert "2 lines were encoded twice" in (read.receipt.encoding_note or "")


@pytest.mark.parametrize(
    ("encoding", "header"),
    [
        ("cp1250", "Miesiąc;Sprzedaż;Ilość;Województwo"),
        ("cp1250", "Název;Počet;Částka;Řádek"),
        ("cp1254", "Şehir;Satış;Ürün;Ağırlık"),
        ("cp1252", "Größe;Menge;Straße;Käufer"),
        ("cp1252", "Año;Región;Teléfono;Código"),
        ("cp1252", "Preis £;Fläche m²;Breite µm;½"),
    ],
    ids=["Polish", "Czech", "Turkish", "German", "Spanish", "signs behind words"],
)
def test_code_page_of_names_alone(read_text, encoding, header):
    """The rows are numbers, so that a handful of letters in the header is all there is to tell by."""
    rows = "".join(f"{n};{n * 3};{n % 4};{n * 7}\n" for n in range(12))

    read = read_text(f"{header}\n{rows}".encode(encoding))

    assert read.names == header.split(";")


FEW_LETTERS = [
    ("cp1250", ["Gdańsk", "Poznań"]),
    ("cp1250", ["Sprzedaż", "Płeć"]),
    ("cp1250", ["Kwota zł"]),
    ("cp1250", ["Město", "Muž"]),
    ("cp1250", ["Děčín", "Žena"]),
    ("cp1250", ["Příjmení"]),
    ("cp1250", ["Győr", "Időszak"]),
    ("cp1250", ["Élő"]),
    ("cp1250", ["Braşov", "Iaşi"]),
    ("cp1250", ["Čakovec", "Križevci"]),
    ("cp1254", ["Müşteri", "Satış"]),
    ("cp1254", ["Yaş"]),
    ("cp1252", ["España", "Año"]),
    ("cp1252", ["¿Activo? Sí"]),
    ("cp1252", ["São Paulo", "Irmãs", "Ações"]),
    ("cp1252", ["lunedì", "è", "più"]),
    ("cp1252", ["Où", "Noël", "Cœur", "Mère"]),
    ("cp1252", ["Köln", "5 m³", "§ 19"]),
    ("cp1252", ["Øresund", "Næstved", "Kjøp"]),
    ("cp1252", ["Það", "Reykjavík", "Þórður"]),
    ("cp1252", ["Muñoz", "Müller", "Françoise"]),
    ("cp1252", ["nº 7", "1ª", "Mª Dolores"]),
]


@pytest.mark.parametrize(("encoding", "cells"), FEW_LETTERS, ids=[" ".join(cells) for _, cells in FEW_LETTERS])
def test_code_page_of_one_or_two_words(read_text, encoding, cells):
    """A letter where no language of Western Europe has it tells another code page; a word that one has stays."""
    rows = "".join(f"{n};{cells[n] if n < len(cells) else 'plain'};{n * 7}\n" for n in range(12))

    read = read_text(f"id;name;amount\n{rows}".encode(encoding))

    assert read.values("name")[: len(cells)] == cells
