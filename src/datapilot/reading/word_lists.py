"""The words that reading knows: of numbers, of names, of missing cells. Kept apart from the code that uses them.

In Python, as every run reads them: it loads them as bytecode, where a file of another kind would be parsed anew.
"""

from typing import Final

# fmt: off

ROLES: Final = {
    # names of states and ratios: adding them up says nothing
    "averaged": """
        accuracy completion age alter altitude remise marge descuento margen sconto margine dias días edad giorni idade
        jours tage angle anteil apr average avg bmi bp capacity change close concentration confidence cpi
        days delta density depth deviation dewpoint discount duration efficiency elevation frequency glucose
        gpa grade growth heartrate height high highest hours humidity hz index insulin intensity interest lag latency
        length level likelihood low lowest margin max maximum mean median mileage min minimum minutes mpg note nps
        open pct per percent percentage ph ppi precio preis pressure prezzo price prix prob probability pulse quality
        quote rabatt rank ranking rate rating ratio rh salary satisfaction score seconds share size speed stars std
        stdev target temp temperatur temperature tenure threshold time unitprice utilization voltage wage weight width
        wind yield balance saldo solde kontostand saldos balances soldes
        adr aov arpu cpa cpc cpm csat ctr roas roi years
        cadence education educ educyr exper experience percap percapita capita power schooling
        months weeks ms msec millis milliseconds secs mins hrs monate wochen mois semaines meses semanas mesi settimane
        цена цены цене возраст процент доля скидка маржа рейтинг оценка температура курс fiyat fiyatı fiyati oran oranı
        yaş yüzde indirim iskonto sıcaklık cena ceny wiek procent udział marża rabat ocena τιμή τιμη ηλικία ηλικια
        ποσοστό ποσοστο έκπτωση מחיר גיל אחוז הנחה سعر السعر الأسعار أسعار عمر العمر نسبة النسبة خصم الخصم मूल्य कीमत
        दाम दर आयु उम्र प्रतिशत छूट 价格 价 单价 價格 價 單價 率 比率 占比 比例 年龄 年齡 折扣 评分 価格 単価 定価 売価
        評価 年齢 割合 割引 가격 단가 판매가 비율 률 율 나이
        연령 평점
    """,
    # endings and beginnings of such names written as one word
    "averaged_ending": "density index percent price ratio score size temperature",
    "averaged_beginning": """
        average avg mean median pct perc percent
        средн ortalama średni μέσο μέση ממוצע متوسط معدل औसत 平均 평균
    """,
    # names of amounts and counts
    "summed": """
        accidents admissions amount anzahl arrests attendance betrag births budget calls cantidad cases charges children
        claims clicks conversions consumption cost costs count
        customers deaths proceeds receipts royalties takings debt donation downloads emissions employees expense
        expenses fee fees freight gewinn goals
        gross hits hospitalizations importe impressions income injuries inventory kids kosten loss losses menge montant
        monto net num number
        orders paid passengers payment payments points population production profit qty quantity quantité revenue cnt
        sales sessions shipping signups sold spend spending stock students subtotal summe tax total turnover umsatz
        units users value
        covers couverts cubiertos ventas vehicles victims views visits volume votes wins taxes pageviews entrances debit
        credit débit crédit debe haber dare avere soll
        actual actuals bookings guests leads mrr nights trips spent billable logged overtime
        bestellungen aufträge buchungen приход 引出 引出し お引出し 預入 預入れ お預入れ 出金 入金 出金額 入金額
        impr impressionen belastung gutschrift gutschriften belopp beløp beløb intäkter försäljning kostnad kostnader
        omsättning omsætning inntekter salg summa myynti määrä částka množství tržby náklady výnosy összeg mennyiség
        bevétel cantitate valoare încasări iznos količina prihod prihodi
        sent delivered opened bounced bounces unsubscribed unsubscribes installs visitors footfall transactions
        donations
        enquiries inquiries applications shipments deliveries parcels returns refunds complaints defects scrapped
        produced
        netto brutto ust mwst steuer erlös erlöse ertrag aufwand ausgaben einnahmen absatz stück ht ttc tva recettes
        dépenses
        affaires quantite couts coûts heures noches nuits nächte überstunden krankheitstage krankentage fehltage
        zuschlag ausgabe
        neto bruto iva unidades ingresos gastos importo quantità fatturato ricavi imponibile totale omzet bedrag aantal
        quantidade receita
        продажи продаж выручка выручки доход доходы сумма количество кол затраты расходы расход себестоимость стоимость
        прибыль оборот объём объем штук шт satış satis satışlar satışları satışı gelir gelirler geliri hasılat tutar
        tutarı tutari miktar miktarı miktari adet adedi maliyet maliyeti kâr kar kârı toplam ciro gider giderler
        sprzedaż sprzedaży przychód przychody kwota ilość koszt koszty zysk wartość obrót obroty sztuk πωλήσεις
        πωλησεις έσοδα εσοδα ποσό ποσο ποσότητα ποσοτητα κόστος κοστος κέρδος κερδος κέρδη κερδη τζίρος τζιρος έξοδα
        εξοδα מכירות הכנסות הכנסה סכום כמות עלות עלויות רווח רווחים הוצאות مبيعات المبيعات إيرادات الإيرادات إيراد
        الإيراد مبلغ المبلغ كمية الكمية تكلفة التكلفة تكاليف التكاليف ربح الربح أرباح الأرباح बिक्री राजस्व आय राशि रकम
        मात्रा लागत लाभ मुनाफा मुनाफ़ा खर्च 销售额 销售 销量 营收 营业额 收入 金额 数量 件数 成本 费用 利润 毛利 净利
        总额 总价 支出 税额 人数 价值 额 銷售額 銷售 銷量
        營收 營業額 數量 件數 費用 利潤 淨利 總額 總價 稅額 人數 價值 額 売上 売上高 販売額 販売数 販売量 収益 収入 金額
        個数 客数 台数 注文数 経費 原価 コスト 利益 粗利 総額 合計 税額 매출 매출액
        판매 판매량 수익 수입 금액 수량 비용 원가 이익 총액 지출 개수 건수
    """,
    # words that make a time or a mean of whatever stands beside them: a sales cycle is no amount of sales
    "averaged_with_all": "cycle adr aov arpu cpa cpc cpm ctr pct percent percentage rate ratio roas roi tenure",
    # names of places in an order: neither a sum nor an average of them says anything
    "ordered": """
        batch birthyear birthyr day flight hour index individual line lot minute mnth month mth no nbr nr obs
        observation obsno order pair
        participant patient period plot position proband quarter respondent round row run second seq sequence step
        subject tag
        tree trial wave week weekday year yob yr date datum fecha ordinal epoch timestamp startpage endpage firstpage
        lastpage
    """,
    # names of bearings, whose degrees go round the compass
    "direction": "aspect azimuth bearing dir direction heading wd winddir winddirection",
    # names of somebody or something that whole numbers stand for
    "entity": """
        airline airport bank branch brand carrier city commune company device driver family firm hospital household
        individual machine municipality
        player plant seller sensor shop store street supplier team town vehicle vendor village warehouse
    """,
    # words that change nothing about the two lists above and below
    "filler": "code codes coded id in index nbr no nr num number of the",
    # endings of names written as one word
    "summed_ending": "amount betrag budget cost gross profit qty quantity revenue sales umsatz",
}

NAMES: Final = {
    # names of groups: few whole numbers under them are the groups' codes
    "group": """
        account arm bloc block borough category civil class clinic cluster cohort color colour condition county country
        department
        dept district division ethnic ethnicity gender grp group industry judge location marital married month
        nationality
        occupation party pclass precinct province quarter race rater region religion school season sector segment sex
        shift site stage state
        subcategory
        status strata stratum subgroup subtype treat treated treatment trt type ward wave week weekday zone
    """,
    "id": """
        barcode bic doi ean gtin guid hash iban iccid id identifier ids imdb imei imsi isbn issn key objectid pk rowid
        serial sku
        ssn token upc uuid vin
        номер numara numarası رقم 编号 編號 番号 번호
    """,
    "number": "# account case invoice no nr num number numero nummer número order ref reference ticket",
    # words at the end of a name that number what stands before them
    "numeral": "# no nr num number numero nummer número",
    # words that end like `userid` and are none
    "not_id": """
        acid aid android arid avoid bid braid candid celluloid covid cuboid droid fluid grid humid hybrid invalid kid
        laid lipid liquid
        lucid mid morbid overpaid paid prepaid raid rapid rigid said solid squid steroid thyroid underpaid unpaid valid
        void
    """,
    "code": """
        area buchungskreis cap code codes compte cp cpt cuenta debitor dial extension fips gaul gegenkonto geoid hs icd
        iso
        countyfp grootboekrekening konto kostenstelle kreditor m49 mpan mprn naics ndc plz port postal postcode route
        sachkonto
        statefp sumlev tract
        sic zip zipcode
        код kod kodu κωδικός קוד كود 代码 代碼 编码 編碼 コード 코드
    """,
    # last words of the name of a column that says in words what the number in the column beside it stands for
    "spelled_out": """
        bezeichnung denominación desc descr description descripción descrizione label libellé name nom nombre nome
        omschrijving
        text title titel titulo
    """,
    "year": """
        annee anno année ano año fy jahr season vintage year yr yyyy год
        yıl rok έτος שנה سنة السنة वर्ष साल 年份 年度 年 연도 년도
    """,
    # what became of a thing, under which plain years are when
    "happened": """
        born built commissioned completed constructed erected established founded inaugurated introduced launched opened
        published released renovated
        construido construit erbaut eröffnet fondé fundado gegründet
    """,
    "date": """
        birthdate birthday data date dato datum day dob dt fecha jour
        дата tarih tarihi ημερομηνία ημερομηνια תאריך تاريخ التاريخ तारीख दिनांक 日期 日付 年月日 날짜 일자
    """,
    "moment": "at created date datetime epoch last modified seen time timestamp ts unix updated",
    "duration": "dauer downtime duration duración durata durée elapsed lap laufzeit pace runtime uptime",
    "latitude": "breitengrad intptlat lat latitud latitude latitudine szerokość широта",
    "longitude": "intptlon intptlong lng lon long longitud longitude longitudine längengrad долгота",
    # stems of names such as `customerid` and `kundennr`, written as one word
    "numbered": """
        account artikel auftrag auftrags beleg booking case choice client course customer device doc document driver
        employee
        event family game group household invoice item job kunden listing match member message mitarbeiter object order
        owner
        parent patient person player post product produkt project property rechnungs record respondent review ride row
        sale
        school seller seq session shop station store student subj subject supplier task team ticket town transaction
        trip user
        vehicle vendor vorgangs
    """,
}

PERSONAL: Final = {
    "phone": """
        cellnumber contactnumber faxnummer handynummer mobilephone mobilnummer mobilenumber phoneno phonenumber
        rufnummer
        telefonnr telefonnummer telefonszám telefoonnummer telephonenumber телефон
        cell cellphone fax handy mobile msisdn phone tel telefon telefono telephone teléfono téléphone whatsapp
    """,
    "card": "card cc creditcard kreditkarte pan tarjeta",
    "birth": """
        birth birthdate birthday born doğum dob fødselsdato geb gebdatum geboortedatum geboren geburt geburtsdatum
        geburtstag nacimiento naissance narození nascimento nascita рождения születési syntymäaika urodzenia
    """,
    "national": """
        aadhaar aadhar bsn cnp codicefiscale cpf curp dni fodselsnummer nationalid nhs nie nif nin nino passport
        personnummer pesel steuernummer taxid tin ausweisnr ausweisnummer cccd curp driverslicense driverslicence
        emiratesid
        führerscheinnummer hkid iqama nric passnummer passnr passportno personalausweis personalausweisnummer reisepass
        reisepassnummer rfc rodnecislo steueridentifikationsnummer steuerid sozialversicherungsnr паспорт снилс инн
    """,
    "ssn": "sin socialsecurity sozialversicherungsnummer ssn",
    "person": """
        agent applicant assigned assignee author beneficiary billing buyer caller candidate client contact customer
        display doctor donor driver employee family first full given guest holder last lead legal manager member
        middle owner passenger patient person recipient rep representative salesperson sender shipping staff student
        subscriber sur teacher tenant user worker
    """,
    # people by what they do; the cells tell whether they are named
    "role": """
        agent ansprechpartner applicant approver assignee attorney author bearbeiter beneficiary buyer caller candidate
        client
        cliente clerk coach consultant contact counselor customer doctor donor driver employee employé empleado fahrer
        guest
        instructor kunde kundin lawyer lehrer manager medico member mitarbeiter médico nurse operator owner paciente
        passenger
        patient person physician recipient rep reporter representative requester requestor responsable reviewer
        sachbearbeiter
        salesman salesperson salesrep schüler seller sender staff student supervisor teacher technician tenant therapist
        trainer
        user vendedor verkäufer vertreter worker водитель врач клиент менеджер пациент сотрудник студент
        заказчик покупатель müşteri klient nabywca πελάτης πελατης לקוח عميل العميل ग्राहक 客户 客戶 顧客 고객
    """,
    # what somebody did, before `by`
    "deed": """
        added approved assigned authored checked closed completed created edited entered handled managed modified opened
        ordered
        owned posted prepared processed received recorded reported requested resolved reviewed signed sold submitted
        taught
        updated uploaded verified written
    """,
    "numbered_thing": """
        batch code ean invoice isbn item lot model number order part product ref reference serial sku upc
    """,
    "login": "handle login loginname nickname screenname twitterhandle userlogin username",
    # legal forms in several languages
    "company": """
        ag aps asa bv co company corp corporation eirl eurl gbr gmbh group holding holdings hb inc jsc kft kg kgaa
        limited llc
        llp ltd ltda nv oao ohg ooo oy oyj partners plc pty pvt sa sarl sas sasu sl slu spa spzoo srl sro zrt ао зао оао
        ооо
        пао
    """,
    # what companies call themselves by: what they deal in, where and how; words that are surnames, too, stay out
    "business": """
        academy advisors aerospace agency agri agro airlines airways alliance american analytics apotheke apparel
        appliances
        architects associates association atlantic auto automotive avenue bakery bank bancorp beverages biotech bistro
        blue
        boutique brands brasserie brewery brewing broadcasting builders building bureau café cafe canyon capital care
        catering
        cellars center centre chemical chemicals clinic clothing coast coffee college communications computers computing
        concepts consolidated construction consultants consulting continental controls cosmetics creative credit cruises
        dairy
        data deli delicatessen delta dental depot designs development developments diagnostics digital direct
        distribution
        distributors dynamics eastern electric electrical electronics energy engineering enterprise enterprises
        entertainment
        equipment european eagle export exports express fabrics factory farms fashion federal finance financial first
        fitness
        food foods forwarding foundation freight fresh furniture futterkiste gallery games garage gardens gate general
        global
        gourmet grocers grocery gym hardware harbor harbour health healthcare heavy heritage home homes horizon hospital
        hotel
        hotels import importers imports industrial industries industry innovation innovations institute instruments
        insurance
        interiors international investment investments kitchen labs laboratories laboratory leasing lighting logistics
        machinery mall management manufacturing maritime market marketing markets materials media medical metals mining
        mobile
        mobility motor motors mountain museum mutual national networks northern nursery ocean office oil old online
        optics
        organic outdoor outfitters outlet pacific packaging paper path peak pharma pharmaceutical pharmaceuticals
        pharmacy
        photography pizzeria plastics plumbing precision premier prime print printing production productions products
        properties provisioners publishing quality railways rapid realty recruitment red rentals repair research resort
        resorts resources restaurant retail robotics sales salon school seafood securities security semiconductor
        service
        services shipping shop shops smart software solar solutions southern sports staffing state stationers store
        stores
        storage street studio studios summit supermarket supermarkets supplies supply surgery systems taverna technical
        technologies technology telecom textile textiles the theatre tools tours toys trade traders trading transport
        transportation travel true trust united universal university urban utilities valley vehicles ventures vineyards
        vision
        wear western wholesale wholesalers wine winery wines workshop workshops world alimentari almacén almacenes
        asociación
        assurances autohaus azienda bakkerij bau bäckerei bedrijf bodega boulangerie bouw brauerei bygg carnes comercial
        comercio comércio comidas compagnie compañía confecciones conseil constructora costruzioni delikatessen
        distribuciones
        distribuidora druckerei düngemittel elektro empresa épicerie farmacia ferretería fils fleischerei fournitures
        fratelli
        frères fromagerie fundación gasthaus gesellschaft getränke groep groupe grupo handel handelsonderneming
        hausverwaltung
        hermanos hôtel hôpital immobilien importaciones importadora imprimerie industria industrias industrie
        ingenieurbüro
        inmobiliaria installatie inversiones klinik krankenhaus laboratorio lebensmittel librairie librería logistik
        magasin
        magazzini mairie maison maschinenbau mercado metallbau mueblería möbel officina panadería pescadería pharmacie
        praxis
        reisen restauration ristorante schreinerei servicios sociedad société società söhne sons spedition spezialitäten
        stadtwerke steuerberatung supermercado talleres taquería technik tienda transportes transports trasporti verein
        verlag
        versicherung vertrieb werk werke werkstatt winkel магазин торговый компания завод şirketi ticaret sanayi
    """,
    "given": """
        aaron adam ahmed aisha alan albert alejandro alessandro alex alexander alexandra ali alice amanda amir amy ana
        anders
        andrea andreas andrew angela ann anna anne anthony antonio arjun arthur astrid barbara ben benjamin bert betty
        bill
        bob brandon brenda brian bruno camille carlos carmen carol caroline catherine charles charlotte chen chiara
        chris
        christian christina christine christopher claire claudia cleo cynthia dan daniel daniela david deborah dennis
        diana
        diego dmitri donald donna dorothy douglas edward elena eleanor elisabeth elizabeth ella emily emma eric erik
        ernst eva
        evelyn fatima felix filip francesca francesco francisco frank fred gabriel gary george giovanni giulia grace
        greg
        gregory grete gustav hannah hans harold harry heather heidi helen helena henry hiroshi hugo ian ibrahim ines
        ingrid
        irene isabel ivan jack jacob jacqueline james jan jane janet jason jean jeff jeffrey jennifer jerry jessica jim
        joan
        joe john johanna jonas jonathan jorge jose joseph joshua juan judith judy julia julian julie jürgen justin karen
        karl
        karla kate katharina katherine kathleen keiko keith kelly kenneth kevin kim kimberly klaus kumar lars laura
        lauren lea
        leon leonardo li liam linda lisa louis louise luca lucas lucia luis lukas luke magdalena manuel marco margaret
        maria
        marie mario mark markus martha martin mary mateo matteo matthew max maya mei melissa mia michael michelle miguel
        mike
        mohamed mohammed mona monica moritz nancy natalia nathan nicholas nicola nicole niels nils nina noah nora oliver
        olga
        olivia omar oscar pablo pamela patricia patrick paul paula pavel pedro peter petra philip pierre priya rachel
        rahul
        ralph ravi raymond rebecca ricardo richard robert roberto roger ronald rosa russell ruth ryan samantha samuel
        sandra
        sanjay sara sarah scott sean sergei sergio sharon simon sofia sophia sophie stefan stephanie stephen steven
        susan sven
        tanja tara teresa theresa thomas tim timothy tom uwe valentina vera victor victoria vincent virginia walter wei
        william wolfgang xavier yasmin yuki yusuf zoe abdul abdullah abdullahi adaeze adebayo agnieszka akua ama amara
        amina
        amit anil anita anjali ananya anh aryan asha ayşe babajide bao beatriz binh bogdan chidi chinedu chloe
        chukwuemeka
        claudio cristina danh deepa deepak deepika dung đức ebony eduardo ekaterina emeka emre erin fatma fatou fernanda
        fernando folake funke gabriela ganesh giorgio giuseppe gloria grzegorz guillermo gwen haruto hassan hiroko hung
        hussein huong ifeoma ilse ingo isabella isabelle jakub jana javier jerome jiří joana joanna joão jorg jürg kamal
        katarzyna kavita kenji khadija khalid krishna krzysztof kwame lakshmi lan layla leila liang lin ling linh lucy
        ludmila
        magda mahesh malik małgorzata manish manoj marcin mariam mariana marta martina mehmet meera min ming minh
        mohammad
        mustafa nadia naomi neha ngozi nguyen nguyễn nikolai nisha oluwaseun omari piotr pham phạm phuong pooja prakash
        pradeep rajesh ramesh rania rashid reza rohan rosemary sakura salma sana sandeep satoshi sergey shreya siobhan
        sofie
        sunil sunita suresh svetlana takashi tatiana thabo thi thị thu tran trần tunde uma ute văn vijay vikram vinod
        vladimir
        wanjiru wojciech xiao yan yara yasmine yi ying yoko yolanda youssef yuri zainab zanele zhang zeynep zofia zsófia
    """,
    "thing": """
        account agency airline airport album bank book brand bureau business campaign category city class code column
        common company country county currency dataset department device domain drug event field file film formal game
        generic group hospital host hotel item job language location model movie native official organisation
        organization place plan product project region restaurant role school scientific segment server service shop
        short site song source species state station store street subcategory supplier table team title type unit
        university vendor count experience feedback gender group level method number portal priority rank rating reason
        satisfaction score segment share status support system tier
    """,
    "address": """
        addr address address1 address2 adres adresse anschrift direccion dirección domicile domicilio endereço indirizzo
        lieferadresse osoite rechnungsadresse residence straße strasse street wohnadresse wohnanschrift адрес адреса
        住所 地址
    """,
    "one_word_person": """
        apellido apellidos assignee cognome efternavn efternamn enternamn familienname fname förnamn fornavn imię jméno
        lname maiden maidenname middleinitial mothersmaiden nazwisko příjmení sobrenome achternaam voornaam customer
        employee firstname forename fullname givenname lastname nachname
        passenger patient prenom prénom salesperson surname username vorname имя фамилия фио
    """,
    "whole_name": (
        "full name", "fullname", "name", "names", "nom", "nombre", "nombre completo",
    ),
}

MISSING: Final = {
    # compared in lower case, after white space is stripped
    "always": (
        "#div/0!", "#error!", "#getting_data", "#n/a", "#n/a n/a", "#na", "#name?", "#null!", "#num!", "#ref!",
        "#value!", "(blank)", "(empty)", "(none)", "(null)", "-", "--", "---", "-1.#ind", "-nan", ".", "..", "...",
        "1.#ind", "1.#qnan", "<na>", "?", "??", "[null]", "\\n", "k.a.", "missing", "n.a", "n.a.", "n.d.", "n/a", "nan",
        "nat", "nil", "no data", "none", "not applicable", "not available", "null", "s/d", "undefined", "–", "—", "…",
    ),
}

NUMBERS: Final = {
    "currency_codes": """
        AED ARS AUD BDT BGN BHD BRL CAD CHF CLP CNY COP CRC CZK DKK DZD EGP EUR GBP GEL GHS HKD HRK HUF IDR ILS INR ISK
        JOD JPY KES KRW KWD KZT LKR MAD MXN MYR NGN NOK NZD OMR PEN PHP PKR PLN QAR RON RSD RUB SAR SEK SGD THB TND TRY
        TWD TZS UAH UGX USD UYU VND XAF XOF ZAR
    """,
    "units": """
        A acre acres bar bhp bp bpm bps C cal cc CC cl cm d day days dB dl F ft g g/l gal GB GHz GiB GW GWh h ha hour
        hours hp hPa hr hrs Hz in inch inches items J K KB kB kcal kg kHz kJ km km/h km2 kmh kmpl km² knots kPa kph kW
        kWh L l lb lbs m m2 m3 mAh MB mbar Mbps mg mg/l mg/L MHz mi MiB mile miles min mins minute minutes ml mL mm
        mmHg month months mpg mph ms MW MWh m² m³ N Nm oz Pa pc pcs people persons ppb ppm ps psi pt pts px rpm s
        season Season seasons Seasons sec second seconds secs sqft stars t TB unit units users V views W week weeks Wh
        x yd year years yr yrs ° °c °C °f °F µg
    """,
}

CURRENCY_SIGNS: Final = {
    "$": "$", "US$": "$", "€": "€", "£": "£", "¥": "¥", "￥": "¥", "₹": "₹", "₽": "₽", "₩": "₩", "₺": "₺",
    "₫": "₫", "฿": "฿", "₪": "₪", "₴": "₴", "₦": "₦", "R$": "R$", "zł": "PLN", "kr": "kr", "kr.": "kr",
    "Kč": "CZK", "Ft": "HUF", "Rs": "₹", "Rs.": "₹", "C$": "CAD", "A$": "AUD", "руб": "₽", "руб.": "₽", "р.": "₽",
    "円": "¥", "元": "CNY", "원": "₩", "lei": "RON", "лв": "BGN", "лв.": "BGN", "грн": "₴", "TL": "₺", "₱": "₱",
    "₡": "₡", "₲": "₲", "₵": "₵", "₸": "₸", "₮": "₮", "₼": "₼", "₾": "₾", "S/": "PEN", "RM": "MYR", "Rp": "IDR",
    "NT$": "TWD", "HK$": "HKD", "S$": "SGD", "MX$": "MXN",
}

SCALES: Final = {
    "k": 1_000.0, "K": 1_000.0, "tsd": 1_000.0, "Tsd.": 1_000.0, "thousand": 1_000.0, "M": 1_000_000.0,
    "mn": 1_000_000.0, "Mio": 1_000_000.0, "Mio.": 1_000_000.0, "MM": 1_000_000.0, "million": 1_000_000.0,
    "millions": 1_000_000.0, "B": 1_000_000_000.0, "bn": 1_000_000_000.0, "Mrd": 1_000_000_000.0,
    "Mrd.": 1_000_000_000.0, "billion": 1_000_000_000.0, "T": 1_000_000_000_000.0, "tn": 1_000_000_000_000.0,
    "trillion": 1_000_000_000_000.0, "lakh": 100_000.0, "crore": 10_000_000.0, "m": 1_000_000.0,
    "b": 1_000_000_000.0,
}

MONTHS: Final = {
    1: """
        tammikuuta jan january januar janvier janv enero ene gennaio gen janeiro января янв januari styczeń stycznia sty
        leden
        ledna tammikuu
        januára sausis ianuarie ian ocak oca január januarie siječanj січня січень januari januarja ιανουαρίου ιαν
    """,
    2: """
        helmikuuta feb february februar février fevrier févr fev fév febrero febbraio fevereiro февраля фев februari
        luty lutego
        lut únor února
        helmikuu februarie şubat şub február února veljača лютого лютий febbr φεβρουαρίου φεβ
    """,
    3: """
        maaliskuuta mar march märz maerz mär mrz mars marzo março marco marzec marca марта мар maart mrt březen března
        maaliskuu martie mart március márc ožujak березня березень maret μαρτίου μαρ marts
    """,
    4: """
        huhtikuuta apr april avril avr abril abr aprile апреля апр kwiecień kwietnia kwi duben dubna
        huhtikuu aprilie nisan nis április ápr travanj квітня квітень апрель απριλίου απρ
    """,
    5: """
        toukokuuta may mai mayo maggio mag maio мая май mei maj květen května
        toukokuu maja mayıs május máj svibanj травня травень mei μαΐου μαϊ
    """,
    6: """
        kesäkuuta jun june juni juin junio giugno giu junho июня июн czerwiec czerwca cze červen června
        kesäkuu iunie iun haziran haz június jún lipanj червня червень июнь ιουνίου ιουν
    """,
    7: """
        heinäkuuta jul july juli juillet juil julio luglio lug julho июля июл lipiec lipca lip červenec července
        heinäkuu iulie iul temmuz tem július júl srpanj липня липень июль ιουλίου ιουλ
    """,
    8: """
        elokuuta aug august août aout agosto ago августа авг augustus augusti sierpień sierpnia sie srpen srpna
        elokuu ağustos ağu augusztus kolovoz серпня серпень август agustus αυγούστου αυγ
    """,
    9: """
        syyskuuta sep sept september septembre septiembre settembre set setembro сентября сен wrzesień września wrz září
        syyskuu septembrie eylül eyl szeptember szept rujan вересня вересень сентябрь σεπτεμβρίου σεπ
    """,
    10: """
        lokakuuta oct october okt oktober octobre octubre ottobre ott outubro out октября окт październik października
        paź říjen
        října
        lokakuu octombrie ekim eki október жовтня жовтень октябрь οκτωβρίου οκτ
    """,
    11: """
        marraskuuta листопада nov november novembre noviembre novembro ноября ноя listopad listopada lis
        marraskuu noiembrie kasım kas listopadu studeni листопад ноябрь νοεμβρίου νοε
    """,
    12: """
        joulukuuta dec december dez dezember décembre decembre déc diciembre dic dicembre dezembro декабря дек grudzień
        grudnia
        gru prosinec prosince
        joulukuu decembrie aralık ara prosinac грудня грудень декабрь desember des δεκεμβρίου δεκ
    """,
}

MARKED_MONTHS: Final = {  # whose letters have signs beside them that are none: Hindi, Bengali, Thai
    1: "जनवरी জানুয়ারি มกราคม ม.ค.",
    2: "फरवरी फ़रवरी ফেব্রুয়ারি กุมภาพันธ์ ก.พ.",
    3: "मार्च মার্চ มีนาคม มี.ค.",
    4: "अप्रैल এপ্রিল เมษายน เม.ย.",
    5: "मई মে พฤษภาคม พ.ค.",
    6: "जून জুন มิถุนายน มิ.ย.",
    7: "जुलाई জুলাই กรกฎาคม ก.ค.",
    8: "अगस्त আগস্ট สิงหาคม ส.ค.",
    9: "सितंबर सितम्बर সেপ্টেম্বর กันยายน ก.ย.",
    10: "अक्टूबर अक्तूबर অক্টোবর ตุลาคม ต.ค.",
    11: "नवंबर नवम्बर নভেম্বর พฤศจิกายน พ.ย.",
    12: "दिसंबर दिसम्बर ডিসেম্বর ธันวาคม ธ.ค.",
}

BOOLEAN_PAIRS: Final = (
    ("true", "false"), ("yes", "no"), ("y", "n"), ("t", "f"), ("on", "off"), ("ja", "nein"), ("j", "n"),
    ("wahr", "falsch"), ("oui", "non"), ("o", "n"), ("vrai", "faux"), ("sí", "no"), ("si", "no"), ("s", "n"),
    ("verdadero", "falso"), ("vero", "falso"), ("sim", "não"), ("sim", "nao"), ("verdadeiro", "falso"),
    ("ja", "nej"), ("ja", "nee"), ("tak", "nie"), ("prawda", "fałsz"), ("ano", "ne"), ("igen", "nem"),
    ("kyllä", "ei"), ("да", "нет"), ("истина", "ложь"), ("evet", "hayır"), ("doğru", "yanlış"), ("是", "否"),
    ("はい", "いいえ"), ("예", "아니오"), (".true.", ".false."), ("✓", "✗"), ("✔", "✘"), ("☑", "☐"), ("ναι", "όχι"),
    ("כן", "לא"), ("نعم", "لا"), ("हाँ", "नहीं"), ("ใช่", "ไม่"), ("có", "không"), ("ya", "tidak"), ("da", "nu"),
    ("da", "ne"), ("áno", "nie"), ("так", "ні"), ("jah", "ei"), ("jā", "nē"), ("taip", "ne"), ("já", "nei"),
    ("ja", "nei"), ("真", "假"), ("有", "无"), ("enabled", "disabled"), ("checked", "unchecked"),
)

LETTERS: Final = {
    # the most frequent ones of texts and tables, by the code page that writes them in two bytes
    "gb18030": """
    的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产种面而方后多定行学
    法所民得经十三之进着等部度家电力里如水化高自二理起小物现实加量都两体制机当使点从业本去把性好应开它合还因由其些然前外
    天政四日那社义事平形相全表间样与关各重新线内数正心反你明看原又么利比或但质气第向道命此变条只没结解问意建月公无系军很
    情者最立代想已通并提直题程展五果料象员革位入常文总次品式活设及管特件长求老头基资边流路级少图山统接知较将组见计别她手
    角期根论运农指几九区强放决西被干做必战先回则任取据处队南给色光门即保治北造百规热领七海口东导器压志世金增争济阶油思术
    极交受联什认六共权收证改清己美再采转更单风切打白教速花带安场身车例真务具万每目至达走积示议声报完类八离华名确才科张信
    马节话米整空元况今集温传土许步群广石记需段研界拉林律且究观越织装影算低持音众书布复容儿须际商非验连断深难近矿千周委素
    技备半办青省列习响约支般史感劳便团往历市克何除消构府称太准精值号率族维划选标写存候毛亲快效斯院查江型眼王按格养易置派
    层片始却专状育厂京识适属圆包火住调满县局照参红细引听该铁价严城街额销售客户订库货款税
    """,
    "big5": """
    這為個國時來們於對會發動過說產種後學經進著電裡實兩體機當點從業應開還義間樣與關線內數麼質氣變條沒結問無軍並題員總設長
    頭資邊級圖統較將組見計別論運農幾區強決幹戰則據處隊給門規熱領東導壓爭濟階術極聯認權證採轉單風帶場車務萬達積議聲報類離
    華確張馬節話況溫傳許廣記觀織裝眾書復兒須際驗連斷難礦備辦習響約勞團歷稱準號維劃選標寫親養層卻專狀廠識適屬圓調滿縣參紅
    細聽該鐵價嚴臺灣額銷戶訂庫貨的一是在不了有和人中大上我以要他用生到作地出就分成可主年同工也能下子面而方多定行法所民得
    十三之等部度家力如水化高自二理起小物加量都制使本去把性好它合因由其些然前外天政四日那社事平形相全表各重新正心反你明看
    原又利比或但第向道命此只解意建月公系很情者最立代想已通提直程展五果料象位入常文次品式活及管特件求老基流路少山接知手角
    期根指九放西被做必先回任取南色光即保治北造百七海口器志世金增油思交受什六共收改清己美再更切打白教速花安身例真具每目至
    走示完八名才科信米整空元今集土步群石需段研界拉林律且究越影算低持音布容商非深近千委素技半青省列支般史感便往市克何除消
    構府太精值率族存候毛快效院查江型眼王按格易置派片始育京包火住局照引城街售客款稅
    """,
    "cp949": """
    이다는의에가은을로고하지서사인한도기그나들어자리수있시대과해정아보라것부를제일전상원주만성동장구소공국여조당스년월회
    개세신산경문방안요생관우중발니화선용실계무물위진치유모비금교업체간내학면분통매입출액총합명번호날짜량격울천광강남북역
    점품코드태트레미마오연류직권재택급영건행포청차토민타파카크테프브임
    """,
    "cp932": """
    日本年月東京都府県市区町村人口金額数量名前番号合計社会員高中小大学国地時分上下内外出入品目売買円店客電話住所ぁあぃい
    ぅうぇえぉおかがきぎくぐけげこごさざしじすずせぜそぞただちぢっつづてでとどなにぬねのはばぱひびぴふぶぷへべぺほぼぽま
    みむめもゃやゅゆょよらりるれろゎわゐゑをんァアィイゥウェエォオカガキギクグケゲコゴサザシジスズセゼソゾタダチヂッツヅ
    テデトドナニヌネノハバパヒビピフブプヘベペホボポマミムメモャヤュユョヨラリルレロヮワヰヱヲンヴヵヶ
    """,
}

ALPHABETS: Final = {
    # letters beyond ASCII, small; capitals are theirs
    "german": "äöüß",
    "french": "àâæçéèêëîïôœùûüÿ",
    "spanish": "áéíóúüñ",
    "portuguese": "áâãàçéêíóôõúü",
    "italian": "àèéìíîòóùú",
    "swedish": "åäöé",
    "danish": "æøåéöä",
    "icelandic": "áðéíóúýþæö",
    "catalan": "àçéèíïóòúü",
    "dutch": "éëïóöüèà",
    "western": "àâäáãåæçéèêëíìîïñóòôöõøœúùûüÿß",
    "polish": "ąćęłńóśźż",
    "czech": "áäčďéěíĺľňóôŕřšťúůýž",
    "hungarian": "áéíóöőúüű",
    "romanian": "ăâîşţșț",
    "croatian": "čćđšž",
    "turkish": "çğıİöşüâîû",
    "lithuanian": "ąčęėįšųūž",
    "latvian": "āčēģīķļņšūž",
    "estonian": "äõöüšž",
    "russian": "абвгдеёжзийклмнопрстуфхцчшщъыьэюя",
    "ukrainian": "абвгґдеєжзиіїйклмнопрстуфхцчшщьюя",
    "serbian": "абвгдђежзијклљмнњопрстћуфхцчџш",
    "greek": "αβγδεζηθικλμνξοπρσςτυφχψωάέήίόύώϊϋΐΰ",
    "hebrew": "אבגדהוזחטיכךלמםנןסעפףצץקרשת",
    "arabic": "ءآأؤإئابةتثجحخدذرزسشصضطظعغفقكلمنهوىي",
    "thai": "กขฃคฅฆงจฉชซฌญฎฏฐฑฒณดตถทธนบปผฝพฟภมยรฤลฦวศษสหฬอฮฯะัาำิีึืฺุูเแโใไๅๆ็่้๊๋์ํ๎",
}
