"""How Dutch and Flemish streets are named: shared by the recognisers of addresses and places."""

from __future__ import annotations

from vptnlp.doxing.wordset import word_set

_ENDINGS = tuple(
    word_set("""
    straat straatje str laan laantje ln plein pleintje pln sngl stwg weg weggetje dreef kade kaai singel gracht steeg
    plantsoen dijk dijkje steenweg boulevard allee esplanade hof hofje pad paadje park lei baan gang kamp wal
    vest markt brink meent erf haven oord horst burg veld ring akker heide weide wei duin berg diep vaart wijk
    dorp poort rak zijde rug
""")
)
_CLEAR_ENDINGS = tuple(
    word_set("""
    straat straatje str laan laantje ln plein pleintje pln sngl stwg dreef kade singel gracht steeg plantsoen steenweg
    boulevard weg hof hofje dijk pad lei baan kaai wal
""")
)
_LOOK_ALIKES = tuple(
    word_set("""
    onderweg snelweg heenweg autoweg spoorweg uitweg omweg rijweg hoofdweg zijweg landweg levensweg behof gehof
    voetpad fietspad zandpad bospad allerlei velerlei tweeërlei belei snelbaan renbaan loopbaan startbaan
    padelbaan tennisbaan busbaan rijbaan ijsbaan kegelbaan schietbaan wildwal opwal lincoln köln
""")
)
_LONGEST = 40


def has_street_ending(word: str) -> bool:
    """Whether a lower-case word may be a street: alone this says enough only with a capital or "woont" before it."""
    return word.endswith(_ENDINGS)


def is_clear_street(word: str) -> bool:
    """Whether a lower-case word is a compound that is a street without a capital too.

    "straat" alone is not, nor are "onderweg" and "allerlei".
    """
    return (
        word.endswith(_CLEAR_ENDINGS)
        and len(word) <= _LONGEST
        and word not in NOT_STREETS
        and not word.endswith(_LOOK_ALIKES)
        and word not in _CLEAR_ENDINGS
        and len(word) > 5
        and word.replace("-", "").isalpha()
    )


NOT_STREETS = word_set("""
    straat laan plein weg hof pad park baan gang kamp markt ring veld wal vest haven berg wijk dorp poort bureau
    onderweg vanweg snelweg heenweg terugweg omweg autoweg spoorweg allerlei velerlei ingang uitgang toegang
    omgang doorgang voortgang overgang ondergang parkeerplaats fietspad voetpad zandpad bospad rijbaan busbaan
    landingsbaan rechtsgang hoofdweg zijweg landweg waterweg luchtweg levensweg baan startbaan kermis voorhof
    gerechtshof hooggerechtshof gemeenteplein schoolplein supermarkt bouwmarkt arbeidsmarkt woningmarkt
    jaarmarkt kerstmarkt rommelmarkt bedrijf bedrijventerrein sportveld voetbalveld speelveld slagveld
    hockeyveld grasveld vakantiepark skatepark pretpark speelwei
""")
"""Ordinary words with the ending of a street."""

STREET_NOUNS = word_set("""
    kaya laan hof weg straat plein steenweg baan park dreef kade singel pad dijk wal burcht
""")
"""Words that open a street of several words: "Laan van Overvest", "Steenweg op Halen"."""

FRENCH_NOUNS = word_set("rue avenue av chaussée boulevard bd quai")
"""The same in French, where no particle need follow: "Avenue Louise"."""

PREFIXES = word_set("""
    oude nieuwe lange korte grote kleine hoge lage prins prinses koning koningin graaf hertog sint st burg
    burgemeester dr dokter prof mr pastoor pater kardinaal kapelaan admiraal generaal kolonel minister president
    jan jacob johan jonkheer kon past dom keizer bisschop onze-lieve-vrouw noord zuid oost west eerste tweede
    derde 1e 2e 3e nieuw oud
""")
"""First words of streets of several words."""

PARTICLES = word_set("""
    van de den der het 't op aan ter ten te in tot over bij en la le du des d' s-
""")

NOT_BEFORE_NUMBER = word_set("""
    artikel artikelen art lid hoofdstuk deel fase versie groep klas havo vwo vmbo mavo week dag maand kamer zaal
    loket lijn bus tram trein perron spoor baan veld poort hal gang etage verdieping afdeling team ploeg ronde
    stap regel punt vraag stelling risico bijlage blad bladzijde pagina zaak dossier nummer nr no factuur order
    ticket kenmerk bsn tel gsm code pin kanaal unit loods kavel gate station windows iphone samsung galaxy
    playstation ps xbox golf polo mazda peugeot renault citroen fiat volvo bmw audi kia seat tesla opel ford
    toyota skoda id model type serie seizoen aflevering boek psalm genesis versteeg maandag dinsdag woensdag
    donderdag vrijdag zaterdag zondag januari februari maart april mei juni juli augustus september oktober
    november december pasen kerst om rond tegen vanaf tot na voor met circa ca ongeveer plus min maal keer euro
    eur bedrag maximaal minimaal minstens hoogstens ruim bijna nog al is zijn was waren wordt werd heeft heb
    hebben had de het een en of maar dus want die dat deze dit er hier daar ik je jij u hij zij ze we wij jullie
    hun mij me kost kosten betaal dan als wel niet geen meer minder over sinds per elke iedere deze vorige
    volgende printer wifi getuige verdachte boete parketnummer melding score stand uitslag kwartaal lesuur uur
    jaar top covid corona controle overdracht verslag notitie notulen vergadering levering bestelling vordering
    regeling beslissing lening rekening dienst shift nacht kluis kluisje box plek stoel rij vak tafel bed
    container afspraak les bar cafe restaurant snackbar hotel school groepen posten post wijk district regio
    sectie peloton eenheid compagnie divisie categorie schaal niveau graad
""")
"""Words before a number that is no house number."""
