import type { Talk } from './rule.ts';

export const english: Talk = {
  name: /\bmy name is ([A-Z][\w'-]{0,30})/,
  byName: '$1, ',
  noPictures:
    'I can see that there is a picture, but not what is on it: I am only a demo without eyes. What does it show?',
  silence: 'You are very quiet. Is there something you would like to say?',
  memorable: [
    /\b(my (?!name\b)[\w' ]{3,60}?)(?=[.,!?;]|$)/i,
    /\b((?:I am|I'm|I feel) [\w' ]{3,60}?)(?=[.,!?;]|$)/i,
    /\b((?:I want|I need|I like|I love|I hate) [\w' ]{3,60}?)(?=[.,!?;]|$)/i,
  ],
  memories: [
    'Earlier you spoke of "$1". Has this something to do with it?',
    'Let us go back a little: you mentioned "$1". How does that feel now?',
    'I am still thinking of what you said: "$1". Tell me more about it.',
  ],
  fallbacks: [
    'Please go on.',
    'I see. What makes you say that?',
    'Can you put that in other words?',
    'What does that mean for you?',
    'How long has that been on your mind?',
    'Tell me a little more.',
    'That is interesting. And then?',
    'What would you like to happen next?',
  ],
  rules: [
    {
      pattern: /\bwho are you\b|\bwhat are you\b|\bare you (?:an? )?(?:ai|bot|robot|human|person|machine|real)\b/i,
      answers: [
        "I am Parley's demo: a few dozen patterns and a good memory for what you said. There is no language model behind me. Type /help to see what I can show.",
      ],
    },
    {
      pattern: /\bwhat can you do\b|\bwhat do you do\b|^help\b/i,
      answers: ['I listen, I turn sentences around, and I obey a few commands. Type /help for the list.'],
    },
    {
      pattern: /\bwhat(?:'s| is) your name\b/i,
      answers: ['They call me Demo. And you?', 'Demo, nothing more. What should I call you?'],
    },
    {
      pattern: /\bmy name is ([\w'-]+)/i,
      answers: ['Pleased to meet you, $1. What brings you here?', 'Hello $1. What would you like to talk about?'],
    },
    {
      pattern: /^(?:hi|hello|hey|good (?:morning|afternoon|evening)|greetings)\b/i,
      answers: [
        'Hello! How are you today?',
        'Hi there. What is on your mind?',
        'Good to see you. What shall we talk about?',
      ],
    },
    {
      pattern: /\b(?:bye|goodbye|see you|good night)\b/i,
      answers: [
        'Goodbye. It was good to talk to you.',
        'See you. I will be here, and will remember nothing: I only know what stands above.',
      ],
    },
    { pattern: /\b(?:thanks|thank you|thx)\b/i, answers: ['You are welcome.', 'My pleasure. Is there anything else?'] },
    {
      pattern: /\bhow are you\b/i,
      answers: ['I run as I always run, thank you. And how are you?', 'Steady as a clock. What about you?'],
    },
    {
      pattern: /\b(?:sorry|apologi[sz]e)\b/i,
      answers: ['No need to apologise.', 'That is quite all right. What were you about to say?'],
    },
    {
      pattern: /\bparley\b/i,
      answers: [
        'Parley is the house I live in. Everything in it that can differ is a plugin, and I am one of them.',
        'A parley is a talk between two sides. Which side are you on today?',
      ],
    },
    {
      pattern: /\b(?:joke|funny)\b/i,
      answers: [
        'A packet walks into a bar. The bar asks: "Again?"',
        'There are two hard things: naming, and being off by one. And naming.',
      ],
    },
    {
      pattern: /\b(?:poem|poetry|rhyme)\b/i,
      answers: ['Words in a row,\nnone of them new;\nthe last of them knows\nit was meant for you.'],
    },
    {
      pattern: /\b(?:story|tale)\b/i,
      answers: [
        'Once a lamp asked the night why it came so late. "So that you are needed," said the night. Now it is your turn.',
      ],
    },
    {
      pattern: /\b(?:weather|rain|sunny|snow)\b/i,
      answers: ['There are no windows in here. What is it like outside?', 'Does the weather change how you feel?'],
    },
    {
      pattern: /\bwhat(?:'s| is) the (?:time|date)\b|\bwhat (?:time|day) is it\b/i,
      answers: ['I have no clock to look at. Is there something you are waiting for?'],
    },
    {
      pattern: /\bI need (.+)/i,
      answers: ['Why do you need $1?', 'What would it change if you had $1?', 'Are you sure you need $1?'],
    },
    {
      pattern: /\bI want (.+)/i,
      answers: ['What would you do if you got $1?', 'Why do you want $1?', 'Suppose you never got $1. What then?'],
    },
    {
      pattern: /\bI (?:can't|cannot|can not) (.+)/i,
      answers: [
        'What keeps you from it: from trying to $1?',
        'How do you know that you cannot $1?',
        'Perhaps you could $1 if something else changed first.',
      ],
    },
    {
      pattern: /\bI (?:don't|do not) know\b/i,
      answers: ['What would help you to find out?', 'If you had to guess, what would you say?'],
    },
    {
      pattern: /\bI (?:don't|do not) (.+)/i,
      answers: ["Why don't you $1?", 'Would you like to $1?', 'What would have to change before you $1?'],
    },
    {
      pattern: /\bI feel (.+)/i,
      answers: ['Do you often feel $1?', 'When did you begin to feel $1?', 'What do you do when you feel $1?'],
    },
    {
      pattern:
        /\b(?:I am|I'm|im) (?:so |very |really )?(sad|unhappy|depressed|lonely|tired|afraid|anxious|stressed|angry)\b/i,
      answers: [
        'I am sorry to hear that you are $1. What happened?',
        'How long have you been $1?',
        'What would help a little, when you are $1?',
      ],
    },
    {
      pattern: /\b(?:I am|I'm|im) (?:so |very |really )?(happy|glad|excited|proud|relieved)\b/i,
      answers: ['How good to hear! What made you $1?', 'And who knows that you are $1?'],
    },
    {
      pattern: /\b(?:I am|I'm) (.+)/i,
      answers: [
        'How long have you been $1?',
        'How do you feel about being $1?',
        'Did you come here because you are $1?',
      ],
    },
    {
      pattern: /\bI (?:think|believe|guess|suppose) (?:that )?(.+)/i,
      answers: ['What makes you think that $1?', 'And if it were otherwise?', 'Do others think that $1, too?'],
    },
    {
      pattern: /\bI (?:love|like|enjoy) (.+)/i,
      answers: ['What is it about $1 that you like?', 'When did you first like $1?'],
    },
    {
      pattern: /\bI (?:hate|dislike|detest) (.+)/i,
      answers: ['What is so bad about $1?', 'Was it always like that with $1?'],
    },
    {
      pattern: /\bI (?:remember|recall) (.+)/i,
      answers: ['What else comes to mind with $1?', 'Why do you think of $1 just now?'],
    },
    { pattern: /\bI (?:forgot|forget) (.+)/i, answers: ['What could remind you of $1?'] },
    {
      pattern: /\bI (?:have|'ve got|got) (?:a |an )?(.+)/i,
      answers: ['How long have you had $1?', 'What does it mean to you to have $1?'],
    },
    {
      pattern: /\bI (?:wish|hope) (.+)/i,
      answers: ['What would be different if it came true?', 'What stands in the way of it?'],
    },
    {
      pattern: /\bI (?:dreamed|dreamt|had a dream)\b(.*)/i,
      answers: ['What does that dream tell you?', 'Who else was in the dream?'],
    },
    {
      pattern: /\b(?:mother|mom|mum|father|dad|parents|brother|sister|family|son|daughter)\b/i,
      answers: [
        'Tell me more about your family.',
        'Who in your family is closest to you?',
        'What would they say about this?',
      ],
    },
    {
      pattern: /\b(?:friend|friends|colleague|neighbour|neighbor)\b/i,
      answers: ['Why do you mention friends?', 'What makes somebody a friend, for you?'],
    },
    {
      pattern: /\b(?:work|job|boss|office|career)\b/i,
      answers: ['What would you change about your work first?', 'Is it the work itself, or the people around it?'],
    },
    {
      pattern: /\b(?:school|exam|study|studying|teacher|university|homework)\b/i,
      answers: ['What are you learning just now?', 'What would you study if nobody asked for marks?'],
    },
    {
      pattern: /\b(?:computer|computers|program|programming|code|software|bug)\b/i,
      answers: [
        'Do computers worry you?',
        'What are you building? I can show code, too: type /markdown.',
        'Machines do what they were told. Who told this one?',
      ],
    },
    {
      pattern: /\b(?:money|rent|price|expensive|cheap)\b/i,
      answers: ['What would you do if money did not matter?', 'How often does money decide for you?'],
    },
    {
      pattern: /\b(?:music|song|band|film|movie|book|game)\b/i,
      answers: ['What was the last one that stayed with you?', 'Would you recommend it to a stranger like me?'],
    },
    {
      pattern: /\b(?:dog|cat|pet|animal)s?\b/i,
      answers: ['Animals are good listeners. What would yours say about you?'],
    },
    {
      pattern: /\b(?:sleep|insomnia|awake)\b/i,
      answers: ['How did you sleep last night?', 'What goes through your head before you sleep?'],
    },
    {
      pattern: /\b(?:food|eat|hungry|cook|cooking|dinner|lunch|breakfast)\b/i,
      answers: ['What did you eat last that made you happy?', 'Do you cook for others or only for yourself?'],
    },
    {
      pattern: /\bbecause (.+)/i,
      answers: ['Is that the real reason?', 'Which other reasons might there be?', 'And does that explain everything?'],
    },
    {
      pattern: /\bwhy (?:don't|do not) you (.+)/i,
      answers: ['Do you really think I should $1?', 'Perhaps I will $1 one day.'],
    },
    { pattern: /\bwhy can(?:'t|not) I (.+)/i, answers: ['What have you tried so far?', 'Should you be able to $1?'] },
    {
      pattern: /\bcan you (.+)/i,
      answers: [
        'I can only talk. What would it help you if I could $1?',
        'Perhaps you would like to be able to $1 yourself?',
      ],
    },
    { pattern: /\bcan I (.+)/i, answers: ['Perhaps you do not need my leave to $1.', 'Do you want to $1?'] },
    {
      pattern: /\b(?:you are|you're) (.+)/i,
      answers: [
        'What makes you think that I am $1?',
        'Does it please you to think that I am $1?',
        'Perhaps you would like me to be $1.',
      ],
    },
    { pattern: /\byou (?:don't|do not) (.+)/i, answers: ['Would it be better if I did $1?'] },
    {
      pattern: /\b(?:do|don't) you (.+)/i,
      answers: ['Does it matter to you whether I $1?', 'Let us rather talk about you. Do you $1?'],
    },
    {
      pattern: /\bis it (?:true|possible) that (.+)/i,
      answers: ['What would it mean for you if it were so?', 'Do you believe that $1?'],
    },
    {
      pattern: /\b(?:always|never|everyone|everybody|nobody|no one)\b/i,
      answers: ['Can you think of an example?', 'Really without exception?'],
    },
    { pattern: /\b(?:maybe|perhaps|probably)\b/i, answers: ['You do not sound sure. What would make you sure?'] },
    {
      pattern: /^(?:yes|yeah|yep|sure|ok|okay|indeed)\b/i,
      answers: ['I see. And what follows from that?', 'Good. Tell me more.'],
    },
    { pattern: /^(?:no|nope|not really)\b/i, answers: ['Why not?', 'You say no. Is there a small yes in it?'] },
    {
      pattern: /^(?:what|how|who|where|when|which)\b/i,
      answers: ['Why do you ask?', 'What do you think yourself?', 'What answer would please you most?'],
    },
    { pattern: /^why\b/i, answers: ['What reasons come to your mind?', 'Why do you think?'] },
    {
      pattern: /\bmy (.+)/i,
      answers: ['Tell me more about your $1.', 'Why do you mention your $1?', 'What does it mean to you: your $1?'],
    },
  ],
};
