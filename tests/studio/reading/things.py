"""Things that people name: every one of them is shown, as it is or as the nearest there is.

What belongs here: words, as anybody says them. What does not: what they come to (``test_reading.py``).
"""

WORDS = """
walrus zombie vampire mummy werewolf witch skeleton goblin orc troll giant cyclops centaur griffin
hydra kraken mermaid unicorn pegasus phoenix yeti bigfoot alien ufo spaceship starship asteroid
satellite comet samurai ninja viking sphinx gladiator cowboy sheriff bandit pirate captain sailor
diver astronaut detective spy thief policeman fireman doctor nurse teacher chef baker farmer
gardener king queen prince princess wizard fairy elf dwarf gnome knight archer monk bear wolf fox
deer moose rabbit hare squirrel badger hedgehog raccoon beaver otter skunk mouse rat hamster cat
kitten dog puppy horse pony donkey cow bull pig sheep goat llama alpaca camel elephant giraffe zebra
lion tiger leopard cheetah panther jaguar hyena hippo rhino monkey gorilla orangutan sloth koala
kangaroo wombat platypus echidna panda penguin seal dolphin whale shark octopus squid jellyfish
starfish crab lobster shrimp seahorse turtle tortoise lizard chameleon gecko iguana crocodile
alligator snake python frog toad salamander newt owl eagle hawk falcon parrot toucan flamingo
peacock swan duck goose chicken rooster turkey ostrich pigeon crow raven robin sparrow hummingbird
woodpecker pelican seagull bat bee wasp ant spider scorpion beetle ladybug butterfly moth
caterpillar dragonfly grasshopper cricket mosquito worm snail slug dinosaur t-rex triceratops
stegosaurus pterodactyl velociraptor mammoth sabertooth dodo car truck bus train tram subway
motorcycle bicycle scooter skateboard tank bulldozer tractor excavator crane ambulance taxi plane
helicopter jet rocket blimp balloon boat ship submarine canoe kayak raft yacht sailboat sled
snowmobile castle tower lighthouse windmill house cottage cabin treehouse igloo tent pyramid temple
church cathedral mosque palace skyscraper factory farm barn school hospital library museum circus
carousel volcano mountain island waterfall beach playground pizza burger taco sushi ramen
noodles spaghetti bread croissant bagel pretzel pancake waffle cheese egg bacon sandwich cake
cupcake cookie donut chocolate candy lollipop marshmallow popcorn apple banana orange lemon lime
cherry strawberry blueberry raspberry grape watermelon pineapple mango peach pear plum kiwi coconut
avocado tomato carrot corn potato onion garlic pepper broccoli mushroom pumpkin cucumber eggplant
pea bean peanut walnut acorn honey coffee tea juice soda milk guitar piano drum violin trumpet flute
saxophone accordion banjo harp microphone headphones radio record cassette robot computer laptop
phone camera television clock watch compass map coin gem diamond ruby emerald crystal crown ring
necklace lock sword shield bow arrow axe hammer wrench screwdriver saw bomb dynamite cannon potion
scroll book wand broom cauldron candle lantern torch lamp umbrella hat cap boot shoe sock glove
scarf shirt dress sunglasses backpack suitcase kite yo-yo doll dice chess ball football basketball
baseball golf bowling skate ski snowboard surfboard snowman snowflake icicle rainbow cloud sun moon
star lightning flower rose tulip sunflower daisy cactus tree pine leaf clover seed magnet gear pipe
barrel box present firework anchor pearl shell coral feather nest bone skull ghost key
mailman builder lumberjack miner fisherman acrobat musician guitarist inventor lawyer lifeguard
racer boxer footballer librarian mother father sister brother twins cyborg nutcracker lego rope
kettle manatee plankton koi kelp milkshake lemonade smoothie nachos sugar brownie rice wheat syrup
katana spear crossbow armor scepter orb spellbook broomstick piston controller film shipwreck puddle
hail geyser mask pinata biker sandal shuriken
"""

THINGS = WORDS.split()
