//! Names long borne in Britain, Ireland and the Caribbean.

use super::Community;

const GIRLS: &str = "Olivia Amelia Isla Ava Lily Ivy Freya Florence Willow Mia Elsie Grace Isabella Evie Poppy Sophia Rosie \
    Daisy Sienna Charlotte Ella Phoebe Harper Millie Emily Evelyn Matilda Maya Alice Ruby Sophie Erin Isabelle Bonnie Luna \
    Maisie Esme Eliza Hallie Thea Penelope Ada Lottie Robyn Mabel Nancy Eva Orla Imogen Jessica Chloe Scarlett Lucy Margot \
    Clara Violet Arabella Eleanor Hannah Molly Holly Darcie Aria Zoe Rose Amber Ellie Anna Lola Georgia Abigail Lara Edith \
    Elizabeth Summer Megan Leah Jasmine Nicole Heidi Rebecca Rachel Katie Kate Caitlin Laura Sarah Emma Lauren Amy Bethany \
    Eve Faith Hope Martha Iris Olive Ottilie Beatrice Harriet Francesca Skye Lyla Gracie Tilly Paige Courtney Demi Kayleigh \
    Lexi Libby Niamh Seren Zoë Chelsea Shannon Connie Dolly Tabitha Verity Winnie";

const BOYS: &str = "Oliver George Noah Arthur Harry Leo Jack Charlie Oscar Henry Freddie Theodore Archie Alfie Thomas Theo \
    Jacob William Joshua Arlo Luca Roman Teddy Tommy Finley Isaac Louie Albie Alexander James Lucas Edward Max Logan Ethan \
    Jude Reggie Rory Jaxon Hunter Ronnie Bobby Mason Harrison Reuben Sebastian Elijah Adam Daniel Samuel Joseph Benjamin \
    Hugo Zachary Louis Dylan Albert Frankie Ezra Toby Riley Carter Frederick Gabriel Stanley Jesse Michael Elliot Grayson \
    Liam Jenson Ellis Harley Harvey Jayden Jake Ralph Rowan Jasper Ollie Charles Finn Felix Caleb Chester Jackson Hudson Leon \
    Ryan Blake Alfred Matthew Luke Nathan Callum Connor Kian Tyler Cameron Aaron Kai Owen Lewis Sam Ben Robert Jamie Sonny \
    Kyle Bradley Corey Declan Rhys Ewan Angus Barnaby Kit Monty Otto Rupert Tobias Wilfred";

/// Names long borne in England, Scotland and Wales.
pub(super) const BRITISH: Community = Community {
    share: [775, 330],
    surnames: "Smith Jones Taylor Brown Williams Wilson Johnson Davies Robinson Wright Thompson Evans Walker White Roberts \
        Green Hall Wood Jackson Clarke Clark Harris Turner Hill Cooper Ward Martin Moore Morris Harrison King Baker Lewis \
        Allen Lee Scott Mitchell Watson Parker Anderson Young Davis Bennett Cook Edwards Hughes Phillips James Bailey Carter \
        Richardson Shaw Collins Bell Miller Cox Marshall Simpson Price Webb Rogers Stevens Adams Gray Chapman Mason Knight \
        Hunt Palmer Ellis Mills Matthews Butler Barnes Lloyd Holmes Pearson Fisher Stevenson Fletcher Russell Graham Reynolds \
        Powell Gibson Saunders Harvey Dixon Campbell Fox Brooks Foster West Andrews Reid Gordon Ford Burton Barker Spencer \
        Wells Dean Lawrence Cole Rose Newman Howard Grant Day Bradley Hart Page Perry Dawson Armstrong Bird Carr Watts Hudson \
        Stone Owen Hawkins Oliver Berry Black Porter Elliott Pritchard Francis George Payne Hayes Lane Gardner Stewart \
        Robertson Morgan Thomas Chambers Nicholls Nicholson Arnold Austin Ball Banks Barrett Bates Bishop Booth Bolton Brookes \
        Bull Bush Cartwright Coates Coleman Cross Curtis Daniels Davidson Dunn Farmer Field Finch Fleming Franklin Freeman \
        French Frost Fuller Gilbert Goodwin Gregory Griffin Griffiths Hancock Harding Hardy Hewitt Higgins Hodgson Holland \
        Hopkins Horton Howell Humphreys Hutchinson Jarvis Jenkins Johnston Kemp Kent Lamb Lambert Law Leach Long Lowe Marsh \
        May Miles Moss Nash Naylor Norris North Osborne Parry Parsons Patterson Peacock Perkins Poole Potter Pratt Preston \
        Read Rhodes Rowe Sharp Short Sims Skinner Slater Stephenson Sutton Swift Sykes Todd Tucker Wade Wall Walton Warren \
        Waters Weston Wheeler Whitehead Wilkins Wilkinson Willis Winter Woodward Yates",
    surname_starts: "Ack Ald Apple Arm Ash Att Back Bal Ban Bar Bas Beck Bed Bel Ber Bin Birch Black Blen Bos Brack Brad \
        Bram Bran Brid Brig Broad Brock Bux Cad Cald Cam Car Cas Chad Charl Chat Chil Clap Clif Cod Col Comp Cor Cot Cran \
        Crick Crom Cud Dag Dal Dar Den Der Did Dod Dor Dray Dron Duck Dun Eas Ecc Edg Elk Ell Ever Far Fax Fel Fen Fos Frod \
        Gad Gar Gis God Gos Gran Grim Gun Had Hal Ham Hand Har Has Hax Hea Hem Hep Hib Hin Hol Horn Hux Ick Ing Ked Kel Kim \
        Kirk Lan Lath Led Lid Lin Lod Lud Mad Mal Mar Mel Mid Mos Mun Nas Nor Oak Ock Old Ot Pad Pat Pen Pick Pin Pol Quar \
        Rad Ram Rav Red Rib Rip Rod Ros Rud Sad Sal Sand Sax Sed Shel Ship Skel Sog Spen Stain Stan Stock Sud Swan Tad Tam \
        Thir Thorn Tib Tod Tren Tur Ul Up Wad Wal Wan Wea Wel Wex Whar Whit Wig Win Wol Wor Wy",
    surname_middles: "- - - - - er ing en le der by ers el am ey in ian or ick o ar wen sel ve",
    surname_ends: "ton ley ham worth field ford son well wood man land ridge croft dale more shaw by den bury er ing gate \
        brook stone house combe cliffe water hurst thwaite wick all ock ett ard kins cott ster mond ner ward smith bridge \
        court erton ingham ersley enden erby ington ingley esworth erfield enshaw elby aby ershaw incott",
    tail_percent: 46,
    flatness: 7,
    girls: GIRLS,
    boys: BOYS,
    own_percent: 100,
};

/// Names of families from Ireland, Travellers among them.
pub(super) const IRISH: Community = Community {
    share: [35, 30],
    surnames: "Murphy Kelly O'Brien Ryan O'Connor Walsh O'Sullivan Sullivan Doyle Byrne Lynch Burke Kavanagh McCarthy O'Neill \
        O'Reilly Gallagher Doherty Kennedy Murray Quinn Moore McLaughlin Connolly Daly Wilson Dunne Brennan Collins Clarke \
        Hughes Farrell Fitzgerald Nolan Power Martin Maher McDonagh Ward Cash Connors Delaney Flynn Hogan Keane Maguire",
    surname_starts: "Mc Mac O'",
    surname_middles: "",
    surname_ends: "Alister Bride Cabe Cann Crory Dermott Elroy Gann Ginty Hale Inerney Keever Loughlin Mahon Nally Quaid Ronan \
        Sherry Tighe Dowd Grady Hara Leary Malley Rourke Shea",
    tail_percent: 20,
    flatness: 8,
    girls: "Niamh Aoife Orla Saoirse Ciara Erin Róisín Caoimhe Clodagh Bridget Margaret Kathleen Mary Nora Eimear Siobhán Sinéad Nell",
    boys: "Liam Conor Sean Patrick Cillian Oisín Finn Declan Cormac Ronan Eoin Darragh Michael John Fionn Tadhg Rory Seán",
    own_percent: 45,
};

/// Names of families from the Caribbean.
pub(super) const CARIBBEAN: Community = Community {
    share: [10, 35],
    surnames: "Campbell Brown Williams Francis Clarke Thomas Bailey Grant Gordon Reid Henry Morgan Charles Joseph Alexander \
        Lewis Samuels Bennett Palmer Powell Wright Stewart Thompson Pierre Baptiste Antoine Samuel Blake Dacosta Beckford \
        Marley Walters McKenzie Facey",
    surname_starts: "",
    surname_middles: "",
    surname_ends: "",
    tail_percent: 0,
    flatness: 8,
    girls: "Aaliyah Shanice Renée Tiana Amara Naomi Kezia Destiny Imani Keisha Nevaeh Serena Tianna Jada Chanel Simone",
    boys: "Jaden Tyrese Malachi Kymani Zion Isaiah Jahmal Kyron Tyrell Marlon Rico Darnell Xavier Micah Andre Dwayne",
    own_percent: 50,
};
