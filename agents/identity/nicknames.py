"""Given names that stand for one another, and given names that are names in their own right.

Our own table. A short form that several names share ("alex", "sam") belongs to each of them. It is read
in both directions, so it lists only forms that people really swap in records.
"""

from __future__ import annotations

_GROUPS = """
abigail abby abbie abi gail
alan allan allen alun al
albert bert bertie al
alexander alex alec alexi sandy xander lex
alexandra alex sandra sandy lexi alexa
alfred alf alfie fred
alison allison ali
amanda mandy
andrew andy drew
angela angie ange
ann anne anna annie nan
anthony antony tony ant
archibald archie
arthur art artie
barbara barb babs barbie
benjamin ben benji benny
bernard bernie
bridget biddy bridie
cameron cam
caroline carolyn carrie caz
catherine katherine kathryn katharine cathryn catharine kate katie katy kathy cathy kitty kat kath cath
charles charlie chuck chas
charlotte charlie lottie char
christine christina chris chrissie tina
christopher chris kit topher
clifford cliff
constance connie
cynthia cindy
daniel dan danny
danielle dani danni
david dave davey davy dai
deborah debra debbie deb debs
dennis denis den
dominic dom
donald don donnie
dorothy dot dottie dolly
douglas doug
edmund ed eddie ned ted
edward ed eddie ned ted teddy
eleanor elinor ellie nell nellie nora
elizabeth elisabeth liz lizzie beth betty bess eliza libby lisbeth betsy elspeth
emily emmy em
emma em
eric erik
ernest ernie
eugene gene
florence flo florrie flossie
frances fran frankie fanny
francis frank frankie
frederick frederic fred freddie freddy
gabriel gabe
gareth gary gaz
geoffrey jeffrey geoff jeff
george georgie
georgina georgia georgie gina
gerald gerry jerry ger
gerard gerry ged
gillian jillian gill jill
graham graeme grahame
gregory greg
gwendoline gwendolyn gwen
hannah hanna
harold harry hal
harriet hattie harriett
helen helena nell
henry harry hal hank
herbert herb bert
hugh hughie huw
ian iain
isaac zac
isabel isabelle isobel isabella izzy bella belle
jacob jake
jacqueline jackie jacqui
james jim jimmy jamie jem
jane janie jayne
janet jan
jennifer jen jenny jenni
jeremy jerry jez
jessica jess jessie
joan joanie
joanne joanna jo
john jon johnny jonny jack
jonathan jonathon johnathan jon jonny
joseph joe joey jo
josephine jo josie
joshua josh
judith judy jude
julia julie jules
katelyn kaitlyn caitlin kaitlin
kenneth ken kenny
kimberley kimberly kim
laurence lawrence larry laurie
leonard len lenny leo
lesley leslie les
lewis louis lew lou
lillian lilian lily lil
louise lou
lucy lucie
luke lucas
madeleine madeline maddie maddy
malcolm mal
margaret maggie meg megan peggy marge margie margo greta
maria marie ria
marjorie marge margie
martin martyn marty
mary molly polly mae
matthew mathew matt matty
maureen mo
maurice morris mo
maximilian max
maxine max
megan meg
michael mike mick mickey micky mikey micheal
michelle shelly chelle
mohammed mohammad muhammad mohamed mohamad muhammed mohd mo
monica mon
natalie nathalie nat
natasha tash tasha
nathan nathaniel nate nat
neil neal niall
nicholas nicolas nick nicky nico
nicola nicole nicky nikki nic
oliver ollie olly
olivia liv livvy
pamela pam
patricia pat patsy tricia trish patti
patrick pat paddy
paula pauline
penelope penny pen
peter pete
philip phillip phil pip
philippa phillipa pippa pip
rachel rachael rach
raymond ray
rebecca rebekah becky becca bex
reginald reg reggie
richard rick ricky dick rich richie
robert rob robbie bob bobby bert
roberta bobbie robbie
rodney rod
roger rodger
ronald ron ronnie
rosemary rose rosie
russell russ
ruth ruthie
samantha sam sammy sammie
samuel sam sammy
sandra sandie
sarah sara sally
sean shaun shawn
sharon shaz
simon si
sophie sophia sofia
stanley stan
stephanie steph stef
stephen steven stephan steve stevie
stuart stewart stu
susan suzanne susanna sue susie suzie
sydney sidney sid syd
sylvia silvia
teresa theresa terry tess tessa
terence terrence terry tel
theodore theo ted teddy
thomas tom tommy
timothy tim timmy
tracey tracy trace
valerie val
veronica ronnie vera
victor vic
victoria vicky vicki tori vic
vincent vince vinny
vivien vivienne vivian viv
walter walt wally
wilfred wilf
william will bill billy willie liam
winifred win winnie
yusuf yousuf yousef yusef
zachary zac zach zack
ahmed ahmad
aisha ayesha aysha
hussain hussein husain
fatima fatimah
"""

_IN_THEIR_OWN_RIGHT = """
aaliyah aaron adam adele aidan aiden aimee alana alice alicia alisha amber amelia amelie amir amy ana anita
anya april aria arya ashley austin ava bailey bella beverley blake bradley brandon brenda brian bryan callum
cara carl carla carol carole cassie cassius cerys chantelle chelsea cheryl chloe claire clara clare cody colin
connor corey courtney craig daisy dale daniela danny darcey darren dawn dean declan demi derek diana diane
dylan eden elena eliza ella elle ellen ellis eloise elsa elsie emilia erin esme ethan eva evan eve evie ewan
faith farah faye fern finley fiona freya gavin gemma gina glen glenn gloria grace hailey haley halima hamza
harley harper harvey hasan hassan hayden hayley hazel heather heidi hollie holly hope ibrahim imogen imran
iris irene isla ivy jade jaden jaiden jake jan jane janice jason jasmin jasmine jay jayden jean jenna jodie
jordan jordon jorja joy joyce jude julian june justin kai kara karen karl kate katrina kay kayla kayleigh
keira keith kelly kerry kevin kian kieran kiera kirsten kirsty kyle kylie lacey lana lara laura lauren layla
leah leanne lee leigh lena leo leon leona lexie liam lila lilly linda lisa logan lola lorna lorraine lucas
luca lydia lyla lynn lynne mabel mackenzie maisie maria mariam marie marilyn marion mark marcus mary maryam
mason matilda maya mia mila millie mina mira miriam mohsin mollie mona morgan muriel mya myla nadia nadine
naomi nasir nia nicolas nigel nina nora noah norma nyla olive oscar owen paige paul pearl phoebe poppy priya
rafael raheem rahim ralph rania reece reggie rhys rita riley robin roman ron rory rosa rose rowan roxanne
ruby ryan saira salma samir samira sana sara scarlett scott sean selina shane shannon sheila shirley sienna
sonia sophia spencer stacey stella summer tamsin tanya tara taylor teddy thea theo tia tiffany tilly tina
toby todd tracy trevor troy tyler umar una vera violet wayne wendy willow xavier yasmin yvonne zain zainab
zara zoe zoya
"""

_CANONICAL: dict[str, tuple[str, ...]] = {}
for _line in _GROUPS.split("\n"):
    for _name in _line.split():
        _CANONICAL[_name] = tuple(dict.fromkeys((*_CANONICAL.get(_name, ()), _line.split()[0])))

_NAMES = frozenset(_CANONICAL) | frozenset(_IN_THEIR_OWN_RIGHT.split())


def full_forms(given: str) -> tuple[str, ...]:
    """What a given name may stand for: ``sam`` for samantha and samuel, an unknown one for itself."""
    return _CANONICAL.get(given, (given,))


def is_a_name(given: str) -> bool:
    """Whether this is a name in use: two of those that differ by a letter are two names, not a slip."""
    return given in _NAMES
